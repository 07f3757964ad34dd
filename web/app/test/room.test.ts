import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { FrameCode as Code } from '../../sdk/src/wire/frames';
import { type FakeServer, me } from '../../sdk/test/fakes/fakeServer';
import { ApiError } from '../src/api/http';
import { pageApi } from '../src/api/page';
import { startConnection } from '../src/state/connection';
import { liveRoom, startLiveRoom } from '../src/state/liveRoom';
import { type Room, useRoom } from '../src/state/room';
import { forgetSession, loadSession } from '../src/state/session';
import { signedIn } from './signedIn';

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
  localStorage.clear();
  vi.useFakeTimers();
  server = signedIn();
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

function tellLikes(likes: number): void {
  server.send(Code.message, {
    bizCode: 5571,
    msgId: `l${likes}`,
    data: JSON.stringify({ roomId, event: 'likes', likes }),
  });
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

  it('is as the server tells of it: its viewers, its title, and whether the picture is there', async () => {
    server.intercept = (code, body) => {
      if (code !== Code.join) return false;
      const state = { stream: 'off', width: 0, height: 0, title: 'Bo', announcement: '' };
      server.send(Code.join, { roomId: body.roomId, conversation: `r:${roomId}`, seq: 0, viewers: 2, ...state });
      return true;
    };
    const room = await enter();
    const tell = (change: object) =>
      server.send(Code.message, {
        bizCode: 5574,
        msgId: 's',
        data: JSON.stringify({ roomId, event: 'state', ...change }),
      });
    expect(server.sent(Code.login)[0]?.features).toEqual(['state']);
    expect(room.stream.value).toBe('off');
    tell({ viewers: 31, title: 'Night noodles' });
    expect([room.viewers.value, room.config.value?.roomName]).toEqual([31, 'Night noodles']);
    tell({ stream: 'away' });
    expect([room.viewers.value, room.stream.value]).toEqual([31, 'away']);
    tell({ announcement: 'At eight: soup' });
    expect(room.config.value).toMatchObject({ roomName: 'Night noodles', announcement: 'At eight: soup' });
  });

  it('is called as the server stored it, which may have masked a word', async () => {
    const room = await enter();
    vi.spyOn(pageApi, 'editRoom').mockResolvedValue({ roomName: 'Tea', announcement: '*** tea' });
    await room.describe({ roomName: 'Tea', announcement: 'damn tea' });
    expect(pageApi.editRoom).toHaveBeenCalledExactlyOnceWith(roomId, { roomName: 'Tea', announcement: 'damn tea' });
    expect(room.config.value).toMatchObject({ roomName: 'Tea', announcement: '*** tea' });
  });

  it('sums clicks, and never counts likes down', async () => {
    const room = await enter();
    for (let i = 0; i < 5; i++) room.like();
    expect(room.likes.value).toBe(17);
    await pass(600);
    expect(pageApi.like).toHaveBeenCalledExactlyOnceWith(roomId, 5);
    tellLikes(15);
    expect(room.likes.value).toBe(17);
    tellLikes(30);
    expect(room.likes.value).toBe(30);
  });

  it('tells how many likes others gave, not of those given here', async () => {
    const room = await enter();
    const told: number[] = [];
    room.onLikes((count) => told.push(count));
    room.like();
    room.like();
    await pass(600);
    tellLikes(14);
    tellLikes(17);
    tellLikes(17);
    expect(told).toEqual([3]);
    expect(room.likes.value).toBe(17);
  });

  it('takes no like while the connection is away, and sends what got lost on the way once it is back', async () => {
    const room = await enter();
    vi.spyOn(pageApi, 'like').mockRejectedValueOnce(new ApiError(0, 'away'));
    room.like();
    server.refuse = 'unreachable';
    server.drop();
    await pass(600);
    expect(room.canLike.value).toBe(false);
    room.like();
    expect(room.likes.value).toBe(13);
    server.refuse = 'no';
    await pass(60_000);
    expect(room.canLike.value).toBe(true);
    expect(vi.mocked(pageApi.like).mock.calls).toEqual([
      [roomId, 1],
      [roomId, 1],
    ]);
  });

  it('takes back likes that the server refuses, and gives at most 50 at once', async () => {
    const room = await enter();
    vi.spyOn(pageApi, 'like').mockResolvedValueOnce({}).mockRejectedValueOnce(new ApiError(429, 'too often'));
    for (let i = 0; i < 60; i++) room.like();
    await pass(1100);
    expect(vi.mocked(pageApi.like).mock.calls.map(([, count]) => count)).toEqual([50, 10]);
    expect(room.likes.value).toBe(62);
  });

  it('keeps a refused message in its place, until it is discarded, and knows how long one is muted', async () => {
    const room = await enter();
    server.intercept = (code, body) => {
      if (code !== Code.message) return false;
      server.send(Code.error, { error: 'muted', message: '', clientMsgId: body.clientMsgId, retryAfterMs: 60_000 });
      return true;
    };
    void room.send('mine');
    await pass();
    expect(room.mutedUntil.value).toBeGreaterThan(Date.now() + 50_000);
    server.sayIn(roomId, 'later');
    await pass();
    expect(contents(room)).toEqual(['mine', 'later']);
    const [refused] = room.entries.value;
    if (refused) room.discard(refused);
    expect(contents(room)).toEqual(['later']);
    await pass(60_000);
    expect(room.mutedUntil.value).toBeNull();
  });

  it('hears that it is not muted any more, or that it is, without writing', async () => {
    const room = await enter();
    const muted = (end: number | null) =>
      vi.spyOn(pageApi, 'anchorConfig').mockResolvedValue({ ...config, startTime: 1, muted: end });
    muted(Date.now() + 600_000);
    await pass(60_000);
    expect(room.mutedUntil.value).not.toBeNull();
    muted(null);
    await pass(15_000);
    expect(room.mutedUntil.value).toBeNull();
  });

  it('asks whether one is muted when one begins to write, and not at each letter', async () => {
    const room = await enter();
    const ask = vi.spyOn(pageApi, 'anchorConfig');
    ask.mockClear();
    ask.mockResolvedValue({ ...config, startTime: 1, muted: Date.now() + 600_000 });
    room.askMute();
    expect(ask).not.toHaveBeenCalled();
    await pass(10_000);
    for (let n = 0; n < 3; n++) room.askMute();
    await pass();
    expect(ask).toHaveBeenCalledOnce();
    expect(room.mutedUntil.value).not.toBeNull();
  });

  it('knows the most who were there at once, also when some have left', async () => {
    vi.spyOn(pageApi, 'anchorConfig').mockResolvedValue({ ...config, peak: 9 });
    const room = await enter();
    expect(room.peak.value).toBe(9);
    for (const viewers of [31, 3]) {
      server.send(Code.heartbeat, { rooms: { [roomId]: viewers } });
      await pass();
    }
    expect([room.viewers.value, room.peak.value]).toEqual([3, 31]);
  });

  it('shows the name that the anchor has now', async () => {
    const room = await enter();
    server.sayIn(roomId, 'hello');
    await pass();
    expect(room.config.value).toMatchObject({ roomName: 'Bo', anchorNickName: 'u10002' });
  });

  it.each([
    { ended: 'elsewhere', how: 'elsewhere' },
    { ended: 'here', how: 'here' },
  ])('tells its anchor that it ended $ended', async ({ ended, how }) => {
    vi.spyOn(pageApi, 'anchorConfig').mockResolvedValue({ ...config, anchorId: me, anchor: true });
    const tell = () =>
      server.send(Code.message, { bizCode: 5570, msgId: 'x', data: `{"roomId":${roomId},"event":"room_closed"}` });
    vi.spyOn(pageApi, 'closeLiving').mockImplementation(async () => {
      tell();
      return {};
    });
    const room = await enter();
    if (ended === 'here') await room.close();
    else tell();
    expect([room.phase.value, room.ownEnd.value]).toEqual(['closed', how]);
  });

  it('has its anchor mute and remove for as long as is said, and asks anew who is', async () => {
    vi.spyOn(pageApi, 'anchorConfig').mockResolvedValue({ ...config, anchorId: me, anchor: true });
    const until = Date.now() + 3_600_000;
    const muted = [{ userId: 10_002, nickName: 'Bo', avatar: '', until }];
    vi.spyOn(pageApi, 'restrictions').mockResolvedValue({ muted, removed: [] });
    const mute = vi.spyOn(pageApi, 'mute').mockResolvedValue({});
    const remove = vi.spyOn(pageApi, 'remove').mockResolvedValue({});
    const room = await enter();
    await room.mute(10_002, 3600);
    await room.remove(10_003, 600);
    await pass();
    expect(mute).toHaveBeenCalledExactlyOnceWith(roomId, 10_002, 3600);
    expect(remove).toHaveBeenCalledExactlyOnceWith(roomId, 10_003, 600);
    expect([...room.muted.value]).toEqual([10_002]);
  });

  it('tells an anchor who comes back that the room ended meanwhile', async () => {
    vi.spyOn(pageApi, 'init').mockResolvedValue({
      loginStatus: true,
      userId: me,
      nickName: 'me',
      avatar: '',
      showStartLivingBtn: true,
    });
    await loadSession();
    vi.spyOn(pageApi, 'anchorConfig').mockResolvedValue({ ...config, roomId: -1 });
    vi.spyOn(pageApi, 'records').mockResolvedValue({
      list: [{ id: roomId, roomName: 'Bo', startTime: 1, endTime: 2, peakViewers: 1 }],
      hasNext: false,
    });
    const room = await enter();
    expect([room.phase.value, room.ownEnd.value]).toEqual(['gone', 'away']);
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

  it('keeps who was removed out until the server says, however that was heard, and lets them in again', async () => {
    const room = await enter();
    server.send(Code.leave, { roomId, reason: 'removed', retryAfterMs: 60_000 });
    expect(room.removedUntil.value).toBe(Date.now() + 60_000);
    server.intercept = (code) => {
      if (code !== Code.join) return false;
      server.send(Code.error, { roomId, error: 'banned', message: '', retryAfterMs: 9000 });
      return true;
    };
    void room.load();
    await pass(0);
    expect([room.phase.value, room.removedUntil.value]).toEqual(['removed', Date.now() + 9000]);
    server.intercept = () => false;
    await pass(9000);
    void room.load();
    await pass();
    expect(room.phase.value).toBe('open');
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
