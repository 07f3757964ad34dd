/** A stretch of a picture that is there, in seconds. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** So near to the end of a stretch nothing is left to show. */
const nearlyS = 0.08;
/** So far into a stretch a jump lands: its start may be rounded. */
const insideS = 0.01;

/** The browser's list as an array. */
export function rangesOf(ranges: TimeRanges): Range[] {
  return Array.from({ length: ranges.length }, (_, i) => ({ start: ranges.start(i), end: ranges.end(i) }));
}

/** Up to where the newest stretch goes; null where nothing is there. */
export function edgeOf(ranges: readonly Range[]): number | null {
  return ranges.at(-1)?.end ?? null;
}

/** Where to go when the picture stands before a hole, or outside of all that is there; null where it need not. */
export function pastGap(ranges: readonly Range[], at: number): number | null {
  const here = ranges.find(({ start, end }) => at >= start && at < end);
  if (here && here.end - at > nearlyS) return null;
  const next = ranges.find(({ start }) => start > at);
  if (next) return next.start + insideS;
  // What was here was thrown away, as after a long pause; or the time is past all that came.
  const last = ranges.at(-1);
  return last && !here && at > last.end + nearlyS ? Math.max(last.start + insideS, last.end - nearlyS) : null;
}
