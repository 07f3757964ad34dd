/**
 * The first list, and what follows it in the second. Both begin with the newest, which has the highest id: what the first
 * passes over has closed, and what others pushed over the pages' border comes once.
 */
export function mergeRooms<T extends { readonly id: number }>(first: readonly T[], second: readonly T[]): readonly T[] {
  const last = first.at(-1)?.id ?? Number.POSITIVE_INFINITY;
  return [...first, ...second.filter((room) => room.id < last)];
}
