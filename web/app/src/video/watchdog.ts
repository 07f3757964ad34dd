/** After so long without a new picture, a stream that should be live is opened anew. */
export const stillMs = 5000;

/** Notices that nothing new is shown. What it looks at is any number that grows with what is shown. */
export class Watchdog {
  #seen = Number.NaN;
  #sinceMs = 0;

  /** Begins to wait anew: a stream is opened, or was let stand still. */
  begin(nowMs: number): void {
    this.#seen = Number.NaN;
    this.#sinceMs = nowMs;
  }

  /** Whether it has stood still for too long. */
  look(shown: number, nowMs: number): boolean {
    if (shown !== this.#seen) {
      this.#seen = shown;
      this.#sinceMs = nowMs;
    }
    return nowMs - this.#sinceMs >= stillMs;
  }
}
