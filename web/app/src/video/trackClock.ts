/** So far a track's own clock may be away from when its frames arrive, until it is set anew. */
const driftMs = 1000;

/**
 * The time of one track. The clocks of a camera and of a microphone have nothing to do with each other (half an hour apart
 * is usual), so that each track is laid on the moments when its frames arrive, and then goes by its own clock, which is
 * the steadier one. What it gives never goes back.
 */
export class TrackClock {
  #offsetMs: number | null = null;
  #last = 0;

  /** A frame with a time of its own, in microseconds, arrived `nowMs` after the beginning. */
  arrived(ownUs: number, nowMs: number): void {
    const ownMs = ownUs / 1000;
    if (this.#offsetMs === null || Math.abs(ownMs + this.#offsetMs - nowMs) > driftMs) this.#offsetMs = nowMs - ownMs;
  }

  /** That frame's time in the stream, in milliseconds. */
  at(ownUs: number): number {
    this.#last = Math.max(this.#last, Math.round(ownUs / 1000 + (this.#offsetMs ?? 0)), 0);
    return this.#last;
  }
}
