/** The names of the newest messages, a bounded number of them. */
export class SeenIds {
  readonly #ids = new Set<string>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    this.#ids.add(id);
    if (this.#ids.size <= this.#capacity) return;
    // A Set keeps the order of insertion: the first is the oldest.
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest);
      return;
    }
  }
}
