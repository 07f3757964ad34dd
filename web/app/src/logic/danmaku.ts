/** How fast things cross the stage. */
export interface Crossing {
  readonly stageWidth: number;
  readonly durationMs: number;
  /** The least distance between two of one lane. */
  readonly gap: number;
  /** How many lanes the stage is high. */
  readonly lanes: number;
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
  readonly #last: Last[] = [];

  /** The uppermost lane that is free for a message of that width; null when none is. */
  take(width: number, now: number, crossing: Crossing): number | null {
    for (let lane = 0; lane < crossing.lanes; lane++) {
      const last = this.#last[lane];
      if (last && !isFree(last, width, now, crossing)) continue;
      this.#last[lane] = { start: now, width };
      return lane;
    }
    return null;
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
