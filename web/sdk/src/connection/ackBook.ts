import type { Body } from '../wire/frames.js';

/** Acknowledgements that were not sent yet. Of a conversation only the highest seq goes out. */
export class AckBook {
  readonly #upTo = new Map<string, number>();
  readonly #single: string[] = [];
  readonly #write: (body: Body) => void;
  #scheduled = false;

  constructor(write: (body: Body) => void) {
    this.#write = write;
  }

  addUpTo(conversation: string, seq: number): void {
    this.#upTo.set(conversation, Math.max(seq, this.#upTo.get(conversation) ?? 0));
    this.#schedule();
  }

  addOne(msgId: string): void {
    this.#single.push(msgId);
    this.#schedule();
  }

  /** Writes everything, for what comes next relies on it. */
  flush(): void {
    for (const [conversation, seq] of this.#upTo) this.#write({ conversation, seq });
    for (const msgId of this.#single) this.#write({ msgId });
    this.#upTo.clear();
    this.#single.length = 0;
  }

  /** Together with what else the frame under way brings. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.flush();
    });
  }
}
