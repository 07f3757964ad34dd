/** The lists one after the other, each room once: pages of one order, in which rooms may have moved on between two answers. */
export function mergeRooms<T extends { readonly id: number }>(...lists: readonly (readonly T[])[]): readonly T[] {
  const found = new Map<number, T>();
  for (const room of lists.flat()) if (!found.has(room.id)) found.set(room.id, room);
  return [...found.values()];
}
