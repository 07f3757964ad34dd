import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { pageApi, type RoomCard } from '../src/api/page';
import { useRoomList } from '../src/state/roomList';

const room = (id: number): RoomCard => ({ id, roomName: '', anchorId: 1, watchNum: 0, goodNum: 0, covertImg: null });
let scope = effectScope();

beforeEach(() => {
  vi.useFakeTimers();
  scope = effectScope();
});

afterEach(() => {
  scope.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Two pages, of which the second one is the last. */
function begin() {
  const asked = vi.spyOn(pageApi, 'list').mockImplementation(async (_, page) => ({
    list: page === 1 ? [room(9), room(3)] : [room(3), room(5)],
    hasNext: page === 1,
  }));
  const list = scope.run(useRoomList);
  if (!list) throw new Error('No scope.');
  return { asked, list };
}

it('the list has most viewers first, and reads on without doubles', async () => {
  const { asked, list } = begin();
  await vi.advanceTimersByTimeAsync(0);
  expect(asked.mock.lastCall).toEqual([1, 1, 24, { sort: 'viewers', q: '' }]);
  await list.loadMore();
  expect([list.rooms.value.map(({ id }) => id), list.hasNext.value]).toEqual([[9, 3, 5], false]);
});

it('all pages that are shown are fresh after ten seconds: a room that has closed is gone', async () => {
  const { asked, list } = begin();
  await vi.advanceTimersByTimeAsync(0);
  await list.loadMore();
  asked.mockResolvedValue({ list: [room(3), room(5)], hasNext: false });
  await vi.advanceTimersByTimeAsync(10_000);
  expect([list.rooms.value.map(({ id }) => id), list.hasNext.value]).toEqual([[3, 5], false]);
});

it('a search is asked for after the last letter, and what is shown stays until the answer is here', async () => {
  const { asked, list } = begin();
  await vi.advanceTimersByTimeAsync(0);
  asked.mockClear();
  for (const typed of ['n', 'no', 'noo', 'noo ']) {
    list.query.value = typed;
    await vi.advanceTimersByTimeAsync(100);
  }
  expect([asked.mock.calls.length, list.rooms.value.length, list.phase.value]).toEqual([0, 2, 'ready']);
  asked.mockResolvedValue({ list: [room(7)], hasNext: false });
  await vi.advanceTimersByTimeAsync(300);
  expect(asked.mock.calls).toEqual([[1, 1, 24, { sort: 'viewers', q: 'noo' }]]);
  expect(list.rooms.value.map(({ id }) => id)).toEqual([7]);
});

it('nothing is read on while another order is on its way', async () => {
  const { asked, list } = begin();
  await vi.advanceTimersByTimeAsync(0);
  let answer = (_: { list: RoomCard[]; hasNext: boolean }) => {};
  asked.mockReset().mockImplementation(() => new Promise((resolve) => (answer = resolve as never)));
  list.sort.value = 'new';
  await vi.advanceTimersByTimeAsync(0);
  await list.loadMore();
  list.query.value = 'x';
  await list.loadMore();
  expect([asked.mock.calls.length, list.shown.value.sort, list.rooms.value.length]).toEqual([1, 'viewers', 2]);
  answer({ list: [room(4)], hasNext: false });
  await vi.advanceTimersByTimeAsync(0);
  expect([list.shown.value, list.rooms.value.map(({ id }) => id)]).toEqual([{ sort: 'new', q: '' }, [4]]);
});

it('many pages are fresh by few questions', async () => {
  const { asked, list } = begin();
  await vi.advanceTimersByTimeAsync(0);
  const page = (from: number, size: number) => Array.from({ length: size }, (_, n) => room(1000 - from - n));
  asked.mockReset().mockImplementation(async (_, number, size) => ({
    list: page((number - 1) * size, size),
    hasNext: number * size < 240,
  }));
  await list.reload();
  for (let n = 0; n < 5; n++) await list.loadMore();
  expect(list.rooms.value).toHaveLength(144);
  asked.mockClear();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked.mock.calls.map(([, number, size]) => [number, size])).toEqual([
    [1, 96],
    [2, 96],
  ]);
  expect(list.rooms.value).toHaveLength(192);
  await list.loadMore();
  expect(asked.mock.lastCall?.slice(1, 3)).toEqual([9, 24]);
});

it('another order begins with its first page', async () => {
  const { asked, list } = begin();
  await vi.advanceTimersByTimeAsync(0);
  await list.loadMore();
  list.sort.value = 'new';
  await vi.advanceTimersByTimeAsync(0);
  expect(asked.mock.lastCall).toEqual([1, 1, 24, { sort: 'new', q: '' }]);
  expect([list.rooms.value.map(({ id }) => id), list.hasNext.value]).toEqual([[9, 3], true]);
});
