import { normalRoom, pageApi, type RoomCard } from '../api/page';

/** Who changes the window's size brings the list in and out of view: what was asked just now is good enough. */
const freshMs = 5000;

let last: { readonly list: readonly RoomCard[]; readonly at: number } = { list: [], at: Number.NEGATIVE_INFINITY };

/** Those that are shown, and one more in the place of the room they stand in. */
const most = 5;

/** The open rooms with most viewers. */
export async function topRooms(): Promise<readonly RoomCard[]> {
  if (performance.now() - last.at < freshMs) return last.list;
  const { list } = await pageApi.list(normalRoom, 1, most, { sort: 'viewers' });
  last = { list, at: performance.now() };
  return list;
}
