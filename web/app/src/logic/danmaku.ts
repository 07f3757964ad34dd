/** How fast things cross the stage. */
export interface Crossing {
  readonly stageWidth: number;
  readonly durationMs: number;
  /** The least distance between two of one lane. */
  readonly gap: number;
}

interface Last {
  readonly start: number;
  readonly width: number;
}

/**
 * Chooses lanes for messages that cross the stage from right to left, all in the same time, so that none runs into another.
 * What finds no lane is left out: the chat has it.
 */
export class DanmakuLanes {
  readonly #last: (Last | null)[];

  constructor(lanes: number) {
    this.#last = Array.from({ length: lanes }, () => null);
  }

  get count(): number {
    return this.#last.length;
  }

  /** The uppermost lane that is free for a message of that width; null when none is. */
  take(width: number, now: number, crossing: Crossing): number | null {
    const lane = this.#last.findIndex((last) => last === null || isFree(last, width, now, crossing));
    if (lane < 0) return null;
    this.#last[lane] = { start: now, width };
    return lane;
  }
}

/** Free when the last one has entered in full, and has left before the new one can reach the left edge. */
function isFree(last: Last, width: number, now: number, { stageWidth, durationMs, gap }: Crossing): boolean {
  const lastSpeed = (stageWidth + last.width) / durationMs;
  const entered = last.start + (last.width + gap) / lastSpeed;
  const speed = (stageWidth + width) / durationMs;
  const reaches = now + (stageWidth - gap) / speed;
  return now >= entered && reaches >= last.start + durationMs;
}
