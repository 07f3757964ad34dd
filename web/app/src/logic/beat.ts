/**
 * What comes quickly is shown at a beat: with each change the browser draws the chat anew, and arranges all that crosses the
 * stage. Both change at the same one.
 */
const beatMs = 125;

/** After how many milliseconds something may change that did so last at that time: at once, where that is long ago. */
export function untilBeat(now: number, last: number): number {
  return now - last >= beatMs ? 0 : beatMs - (now % beatMs);
}
