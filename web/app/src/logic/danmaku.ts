/** How fast things cross the stage. */
export interface Crossing {
  readonly stageWidth: number;
  readonly durationMs: number;
  /** The least distance between two of one lane. */
  readonly gap: number;
  /** How many lanes the stage is high. */
  readonly lanes: number;
  /** Whether they stand in their lane for that long, in the place of crossing. */
  readonly still?: boolean;
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

  /** Likewise; when none is free, the one that was taken longest ago, in which it may run over another. */
  takeAny(width: number, now: number, crossing: Crossing): number {
    const free = this.take(width, now, crossing);
    if (free !== null) return free;
    const starts = this.#last.slice(0, crossing.lanes).map(({ start }) => start);
    const lane = starts.indexOf(Math.min(...starts));
    this.#last[lane] = { start: now, width };
    return lane;
  }
}

/** Free when the last one has entered in full, and has left before the new one can reach the left edge. */
function isFree(last: Last, width: number, now: number, { stageWidth, durationMs, gap, still }: Crossing): boolean {
  if (still) return now >= last.start + durationMs;
  const lastSpeed = (stageWidth + last.width) / durationMs;
  const entered = last.start + (last.width + gap) / lastSpeed;
  const speed = (stageWidth + width) / durationMs;
  const reaches = now + (stageWidth - gap) / speed;
  return now >= entered && reaches >= last.start + durationMs;
}
