import { TrackClock } from './trackClock';

/** A screen on which nothing moves gives no pictures; the last one is sent again, so that there is always a stream. */
const repeatMs = 500;
/** A source may be faster than what was asked of it. */
const earliestShare = 0.6;

/** Which pictures of a source are sent, and at what times: not more than are wanted, and the last one again while none comes. */
export class PicturePace {
  readonly #clock = new TrackClock();
  readonly #earliestMs: number;
  #lastMs = Number.NEGATIVE_INFINITY;
  /** When a picture came last, or the last was sent again. */
  #quietSinceMs: number | null = null;

  constructor(fps: number) {
    this.#earliestMs = (1000 / fps) * earliestShare;
  }

  /** A picture with a time of its own, in microseconds, arrived `nowMs` after the beginning: its time in the stream, null when it is one too many. */
  arrived(ownUs: number, nowMs: number): number | null {
    this.#quietSinceMs = nowMs;
    this.#clock.arrived(ownUs, nowMs);
    const ms = this.#clock.at(ownUs);
    if (ms - this.#lastMs < this.#earliestMs) return null;
    this.#lastMs = ms;
    return ms;
  }

  /**
   * The time at which the last picture is to be sent again; null while pictures come. It goes on from the picture's own time:
   * a source that is behind the clock would have all its pictures too early after it.
   */
  repeats(nowMs: number): number | null {
    if (this.#quietSinceMs === null || nowMs - this.#quietSinceMs < repeatMs) return null;
    this.#lastMs += nowMs - this.#quietSinceMs;
    this.#quietSinceMs = nowMs;
    return Math.round(this.#lastMs);
  }
}
