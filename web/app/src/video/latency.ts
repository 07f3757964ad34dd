/** What a look at a live picture finds; all in seconds of the picture's own time. */
export interface Sight {
  /** Where the picture is. */
  readonly at: number;
  /** Up to where it has come. */
  readonly edge: number;
}

/** What is to be done after a look. */
export interface Steering {
  /** Where to go at once; null to stay. */
  readonly jumpTo: number | null;
  readonly rate: number;
}

/** How far behind the edge a picture begins. */
const firstTargetS = 0.4;
const longestTargetS = 2;
const stallStepS = 0.2;
/** How long without a stall until the target comes nearer again: one bad minute is not for ever. */
const calmMs = 30_000;
/** From when on it is hurried, past the target. */
const slackS = 0.3;
const hurry = 1.1;
/** From when on it is not worth hurrying any more. */
const jumpPastS = 3;
/** The newest pictures come as one heap when a stream opens; for so long what is too far behind is jumped over. */
const settlingMs = 1500;

/**
 * Keeps a live picture as near to its edge as the line allows: jumps near it once at the beginning, plays a little faster
 * while it is behind, jumps when it is far behind, and stays further away after each stall.
 */
export class LatencyControl {
  #targetS = firstTargetS;
  #begunMs: number | null = null;
  #calmSinceMs = 0;
  #hurrying = false;

  /** How far behind the edge the picture shall be. */
  get targetS(): number {
    return this.#targetS;
  }

  /** A stream begins, or goes on after a pause. */
  begin(): void {
    this.#begunMs = null;
    this.#hurrying = false;
  }

  /** The picture stood still because nothing was there to show. */
  stalled(nowMs: number): void {
    // Before the first picture everything stands still.
    if (this.#begunMs === null || nowMs - this.#begunMs < settlingMs) return;
    this.#targetS = Math.min(longestTargetS, this.#targetS + stallStepS);
    this.#calmSinceMs = nowMs;
  }

  look({ at, edge }: Sight, nowMs: number): Steering {
    if (this.#begunMs === null) {
      this.#begunMs = nowMs;
      this.#calmSinceMs = nowMs;
    }
    this.#comeNearer(nowMs);
    const behind = edge - at;
    const isSettling = nowMs - this.#begunMs < settlingMs;
    if (behind > (isSettling ? this.#targetS + slackS : jumpPastS)) {
      this.#hurrying = false;
      return { jumpTo: edge - this.#targetS, rate: 1 };
    }
    if (behind > this.#targetS + slackS) this.#hurrying = true;
    if (behind <= this.#targetS) this.#hurrying = false;
    return { jumpTo: null, rate: this.#hurrying ? hurry : 1 };
  }

  #comeNearer(nowMs: number): void {
    if (nowMs - this.#calmSinceMs < calmMs) return;
    this.#calmSinceMs = nowMs;
    this.#targetS = Math.max(firstTargetS, this.#targetS - stallStepS);
  }
}
