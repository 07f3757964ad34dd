/** How fast things cross the stage. */
export interface Crossing {
  readonly stageWidth: number;
  readonly durationMs: number;
  /** The least distance between two of one lane. */
  readonly gap: number;
  /** How many lanes the stage is high. */
  readonly lanes: number;
  /** Lanes that something else has; the first may be taken all the same where there is no other. */
  readonly taken?: (lane: number) => boolean;
  /** For which share of its time one may run over another that is slower; never when it enters. None unless said. */
  readonly overlap?: number;
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
    const { lanes, taken = () => false } = crossing;
    const open = Array.from({ length: lanes }, (_, lane) => lane).filter((lane) => !taken(lane));
    for (const lane of open.length > 0 ? open : [0]) {
      const last = this.#last[lane];
      if (last && !isFree(last, width, now, crossing)) continue;
      this.#last[lane] = { start: now, width };
      return lane;
    }
    return null;
  }
}

/** Free when the last one has entered in full, and has left, or nearly, before the new one can reach the left edge. */
function isFree(last: Last, width: number, now: number, crossing: Crossing): boolean {
  const { stageWidth, durationMs, gap, still, overlap = 0 } = crossing;
  if (still) return now >= last.start + durationMs;
  const lastSpeed = (stageWidth + last.width) / durationMs;
  const entered = last.start + (last.width + gap) / lastSpeed;
  const speed = (stageWidth + width) / durationMs;
  const reaches = now + (stageWidth - gap) / speed;
  return now >= entered && reaches >= last.start + durationMs * (1 - overlap);
}
