import type { RoomCard } from '../api/page';

/** The first list, and what only the second has. Rooms that open meanwhile push others over the pages' borders. */
export function mergeRooms(first: readonly RoomCard[], second: readonly RoomCard[]): readonly RoomCard[] {
  const known = new Set(first.map((room) => room.id));
  return [...first, ...second.filter((room) => !known.has(room.id))];
}
