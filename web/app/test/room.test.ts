import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { FrameCode as Code } from '../../sdk/src/wire/frames';
import { FakeServer, me, tokenFor } from '../../sdk/test/fakes/fakeServer';
import { pageApi } from '../src/api/page';
import { startConnection } from '../src/state/connection';
import { liveRoom, startLiveRoom } from '../src/state/liveRoom';
import { type Room, useRoom } from '../src/state/room';
import { forgetSession, loadSession } from '../src/state/session';

const roomId = 7;
let server: FakeServer;
let scope = effectScope();

const config = {
  roomId,
  anchorId: 10_002,
  userId: me,
  anchor: false,
  roomName: 'Bo',
  nickName: 'me',
  anchorNickName: 'Bo',
  watcherNickName: 'me',
  avatar: '',
  anchorImg: '',
  watcherAvatar: '',
  defaultBgImg: '',
  pkObjId: null,
  viewers: 4,
  likes: 12,
};

startLiveRoom();
startConnection();

beforeEach(async () => {
  vi.useFakeTimers();
  server = new FakeServer();
  vi.stubGlobal('WebSocket', server.WebSocket);
  vi.spyOn(pageApi, 'init').mockResolvedValue({ loginStatus: true, userId: me, nickName: 'me', avatar: '' });
  vi.spyOn(pageApi, 'imConfig').mockResolvedValue({
    token: tokenFor(me),
    wsImServerAddress: '',
    tcpImServerAddress: '',
    userId: me,
  });
  vi.spyOn(pageApi, 'anchorConfig').mockResolvedValue(config);
  vi.spyOn(pageApi, 'like').mockResolvedValue({});
  scope = effectScope();
  await loadSession();
});

afterEach(async () => {
  scope.stop();
  forgetSession();
  await pass(3000);
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function pass(ms = 30): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

async function enter(): Promise<Room> {
  const room = scope.run(() => useRoom(roomId)) as Room;
  await pass(100);
  return room;
}

const contents = (room: Room) => room.entries.value.map((entry) => entry.content);

describe('a room in view', () => {
  it('is joined with its history, which does not cross the stage', async () => {
    server.sayIn(roomId, 'before');
    const room = scope.run(() => useRoom(roomId)) as Room;
    const crossed: string[] = [];
    room.onLive((entry) => crossed.push(entry.content));
    await pass(100);
    server.sayIn(roomId, 'now');
    await pass();
    expect(room.phase.value).toBe('open');
    expect(contents(room)).toEqual(['before', 'now']);
    expect(crossed).toEqual(['now']);
    expect(room.viewers.value).toBe(2);
    expect(room.likes.value).toBe(12);
  });

  it('marks own messages as sending, then sent', async () => {
    const room = await enter();
    server.receipts = false;
    void room.send('mine');
    await pass();
    expect(room.entries.value).toMatchObject([{ content: 'mine', own: true, status: 'sending' }]);
    server.receipts = true;
    server.drop();
    await pass(2000);
    expect(room.entries.value).toMatchObject([{ content: 'mine', status: 'sent', seq: 1 }]);
  });

  it('marks a refused message as failed, and may send it again', async () => {
    const room = await enter();
    server.intercept = (code, body) => {
      if (code !== Code.message) return false;
      server.send(Code.error, { error: 'muted', message: '', clientMsgId: body.clientMsgId, retryAfterMs: 60_000 });
      return true;
    };
    void room.send('mine');
    await pass();
    const [failed] = room.entries.value;
    expect(failed).toMatchObject({ status: 'failed', error: 'muted', retryAfterMs: 60_000 });
    server.intercept = () => false;
    if (failed) void room.resend(failed);
    await pass();
    expect(room.entries.value).toMatchObject([{ key: failed?.key, status: 'sent' }]);
  });

  it('has what was said while the connection was away, once', async () => {
    const room = await enter();
    server.sayIn(roomId, '1');
    await pass();
    server.drop();
    server.sayIn(roomId, '2');
    server.sayIn(roomId, '3');
    await pass(3000);
    expect(contents(room)).toEqual(['1', '2', '3']);
  });

  it('sums clicks, and never counts likes down', async () => {
    const room = await enter();
    for (let i = 0; i < 5; i++) room.like();
    expect(room.likes.value).toBe(17);
    await pass(600);
    expect(pageApi.like).toHaveBeenCalledExactlyOnceWith(roomId, 5);
    const tell = (likes: number) =>
      server.send(Code.message, {
        bizCode: 5571,
        msgId: `l${likes}`,
        data: JSON.stringify({ roomId, event: 'likes', likes }),
      });
    tell(15);
    expect(room.likes.value).toBe(17);
    tell(30);
    expect(room.likes.value).toBe(30);
  });

  it('says that it has closed, that one was removed, or that it is gone', async () => {
    const closing = await enter();
    server.send(Code.message, { bizCode: 5570, msgId: 'x', data: `{"roomId":${roomId},"event":"room_closed"}` });
    expect(closing.phase.value).toBe('closed');
    scope.stop();

    scope = effectScope();
    const removed = await enter();
    server.send(Code.leave, { roomId, reason: 'removed' });
    expect(removed.phase.value).toBe('removed');
    scope.stop();

    scope = effectScope();
    vi.spyOn(pageApi, 'anchorConfig').mockResolvedValue({ ...config, roomId: -1 });
    expect((await enter()).phase.value).toBe('gone');
  });

  it('is left by a viewer who goes elsewhere', async () => {
    await enter();
    scope.stop();
    await pass();
    expect(server.members.size).toBe(0);
  });

  it.each([
    { who: 'a viewer', anchor: false, stays: false },
    { who: 'its anchor', anchor: true, stays: true },
  ])('is left, or kept, by $who who goes elsewhere before the JOIN is answered', async ({ anchor, stays }) => {
    vi.spyOn(pageApi, 'anchorConfig').mockResolvedValue({ ...config, anchor });
    const held: (() => void)[] = [];
    server.intercept = (code, body) => {
      if (code !== Code.join) return false;
      server.members.add(body.roomId);
      held.push(() => server.send(Code.join, { roomId, conversation: `r:${roomId}`, seq: 0, viewers: 1 }));
      return true;
    };
    await enter();
    expect(held).toHaveLength(1);
    scope.stop();
    held[0]?.();
    await pass();
    expect(server.members.has(roomId)).toBe(stays);
    expect(liveRoom.value).toBe(stays ? roomId : null);
  });

  it('is kept by its anchor on other pages, and shows its history when the anchor is back', async () => {
    vi.spyOn(pageApi, 'anchorConfig').mockResolvedValue({ ...config, anchorId: me, anchor: true });
    await enter();
    server.sayIn(roomId, 'hello');
    scope.stop();
    await pass();
    expect(server.members.has(roomId)).toBe(true);
    expect(liveRoom.value).toBe(roomId);
    scope = effectScope();
    const again = await enter();
    expect(contents(again)).toEqual(['hello']);
  });

  it('says what could not be loaded, and may try again', async () => {
    vi.spyOn(pageApi, 'anchorConfig').mockRejectedValueOnce(new Error('away')).mockResolvedValue(config);
    const room = await enter();
    expect(room.phase.value).toBe('failed');
    void room.load();
    await pass();
    expect(room.phase.value).toBe('open');
  });
});
