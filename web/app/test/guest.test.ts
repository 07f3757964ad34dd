import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick } from 'vue';
import { FakeServer, tokenFor } from '../../sdk/test/fakes/fakeServer';
import { ApiError } from '../src/api/http';
import { liveApi } from '../src/api/live';
import { pageApi } from '../src/api/page';
import { client, connectionState, guestsAllowed, startConnection } from '../src/state/connection';
import { useRoom } from '../src/state/room';
import { loadSession } from '../src/state/session';

const [guest, roomId] = [2 ** 52 + 7, 7];
const imConfig = { token: tokenFor(guest), wsImServerAddress: '', tcpImServerAddress: '', userId: guest };
let server: FakeServer;
let scope = effectScope();

startConnection();

beforeEach(async () => {
  vi.useFakeTimers();
  server = new FakeServer();
  scope = effectScope();
  vi.stubGlobal('WebSocket', server.WebSocket);
  vi.spyOn(pageApi, 'init').mockResolvedValue({ loginStatus: false });
  guestsAllowed.value = true;
});

afterEach(async () => {
  scope.stop();
  await goTo('#/');
  await vi.advanceTimersByTimeAsync(3000);
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function goTo(hash: string): Promise<void> {
  location.hash = hash;
  dispatchEvent(new Event('hashchange'));
  await nextTick();
}

const config = { roomId, anchorId: 10_002, userId: 0, anchor: false, roomName: 'Bo', viewers: 4, stream: 'live' };

it('who has no account has a connection while a room is in view, and reads what is said', async () => {
  vi.spyOn(liveApi, 'guestConfig').mockResolvedValue(imConfig);
  vi.spyOn(pageApi, 'anchorConfig').mockResolvedValue(config as never);
  await loadSession();
  await goTo('#/');
  expect(client.value).toBeNull();
  await goTo(`#/room/${roomId}`);
  const room = scope.run(() => useRoom(roomId));
  await vi.advanceTimersByTimeAsync(100);
  server.sayIn(roomId, 'hello');
  expect([room?.phase.value, room?.stream.value, connectionState.value]).toEqual(['open', 'live', 'online']);
  expect(room?.entries.value.map((entry) => entry.content)).toEqual(['hello']);
  scope.stop();
  await goTo('#/');
  expect(client.value).toBeNull();
});

it('a guest who is another by now goes on as that one', async () => {
  const asked = vi.spyOn(liveApi, 'guestConfig').mockResolvedValue(imConfig);
  vi.spyOn(pageApi, 'anchorConfig').mockResolvedValue(config as never);
  await loadSession();
  await goTo(`#/room/${roomId}`);
  const room = scope.run(() => useRoom(roomId));
  await vi.advanceTimersByTimeAsync(100);
  expect(connectionState.value).toBe('online');
  asked.mockResolvedValue({ ...imConfig, token: tokenFor(guest + 1), userId: guest + 1 });
  server.drop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect([connectionState.value, client.value?.userId]).toEqual(['online', guest + 1]);
  server.sayIn(roomId, 'hello again');
  expect(room?.entries.value.map((entry) => entry.content)).toContain('hello again');
});

it('a guest who is refused as he comes is not tried again', async () => {
  vi.spyOn(liveApi, 'guestConfig').mockResolvedValue({ ...imConfig, token: 'none' });
  await loadSession();
  await goTo(`#/room/${roomId}`);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(connectionState.value).toBe('closed');
});

it('who may not look at rooms without an account is not tried again', async () => {
  const asked = vi.spyOn(liveApi, 'guestConfig').mockRejectedValue(new ApiError(401, 'sign in'));
  await loadSession();
  await goTo(`#/room/${roomId}`);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([asked.mock.calls.length, guestsAllowed.value, client.value]).toEqual([1, false, null]);
});
