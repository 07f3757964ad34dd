import type { Entry } from './messageList';

/** What came after the newest of those known before. */
export function newestAfter(now: readonly Entry[], before: readonly Entry[]): readonly Entry[] {
  return now.slice(endOf(now, before));
}

/**
 * What a reader who looks back goes on to see: nothing newer than what is shown, nothing of it taken away, and what is
 * older where that was added. So nothing moves, however much comes meanwhile.
 */
export function lookBack(shown: readonly Entry[], now: readonly Entry[]): readonly Entry[] {
  const current = new Set(now.map((entry) => entry.key));
  const forgotten = shown.filter((entry) => !current.has(entry.key));
  return [...forgotten, ...now.slice(0, endOf(now, shown))];
}

/** The place behind the last of the known entries; 0 when none is left. */
function endOf(now: readonly Entry[], known: readonly Entry[]): number {
  const keys = new Set(known.map((entry) => entry.key));
  return now.findLastIndex((entry) => keys.has(entry.key)) + 1;
}
