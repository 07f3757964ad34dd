/** What waits to be encoded and to be sent. */
export interface Load {
  readonly framesQueued: number;
  readonly bytesUnsent: number;
}

const framesAllowed = 2;
const unsentSeconds = 0.5;
const halveAfterMs = 3000;
const restoreAfterMs = 10_000;
/** A line that drops a frame now and then is not free of pressure between two of them. */
const freeAfterMs = 1000;
const lowestShare = 1 / 8;

/** Decides which pictures are dropped, and at what bitrate the others are encoded, where encoder or line do not keep up. */
export class Pressure {
  readonly #fullBitrate: number;
  #share = 1;
  #pressedSinceMs: number | null = null;
  #lastDropMs = Number.NEGATIVE_INFINITY;
  #calmSinceMs = 0;
  #dropped = 0;

  /** @param fullBitrate Bits a second, where nothing presses. */
  constructor(fullBitrate: number) {
    this.#fullBitrate = fullBitrate;
  }

  get bitrate(): number {
    return Math.round(this.#fullBitrate * this.#share);
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Whether the picture that has just come is to be dropped. Then ask for the bitrate: it may have changed. */
  drops({ framesQueued, bytesUnsent }: Load, nowMs: number): boolean {
    const isPressed = framesQueued > framesAllowed || bytesUnsent > (this.bitrate / 8) * unsentSeconds;
    if (isPressed) this.#press(nowMs);
    else this.#relax(nowMs);
    return isPressed;
  }

  #press(nowMs: number): void {
    this.#dropped++;
    this.#lastDropMs = nowMs;
    this.#calmSinceMs = nowMs;
    this.#pressedSinceMs ??= nowMs;
    if (nowMs - this.#pressedSinceMs < halveAfterMs) return;
    this.#share = Math.max(lowestShare, this.#share / 2);
    this.#pressedSinceMs = nowMs;
  }

  #relax(nowMs: number): void {
    if (nowMs - this.#lastDropMs >= freeAfterMs) this.#pressedSinceMs = null;
    if (this.#share === 1 || nowMs - this.#calmSinceMs < restoreAfterMs) return;
    this.#share = Math.min(1, this.#share * 2);
    this.#calmSinceMs = nowMs;
  }
}
