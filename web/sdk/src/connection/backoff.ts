const maxDoublings = 30;

/**
 * Exponential backoff with full jitter: random between 0 and min(max, min × 2^n), so that clients that lost the same
 * server do not come back together (AWS Architecture Blog, "Exponential Backoff And Jitter").
 */
export class Backoff {
  readonly #min: number;
  readonly #max: number;
  readonly #random: () => number;
  #attempts = 0;

  constructor(min: number, max: number, random: () => number = Math.random) {
    this.#min = min;
    this.#max = max;
    this.#random = random;
  }

  /** The longest that the next delay can be. */
  get ceiling(): number {
    return Math.min(this.#max, this.#min * 2 ** Math.min(this.#attempts, maxDoublings));
  }

  /** The next delay in milliseconds; each is drawn from a range twice the one before. */
  next(): number {
    const delay = this.ceiling * this.#random();
    this.#attempts++;
    return delay;
  }

  /** Begins anew, after a connection that held. */
  reset(): void {
    this.#attempts = 0;
  }
}
