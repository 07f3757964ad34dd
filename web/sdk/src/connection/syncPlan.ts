import { Deferred } from '../util/deferred.js';
import { unlessAborted } from '../util/sleep.js';

/** What a connection has to SYNC: gaps first, then the offline messages. */
export class SyncPlan {
  readonly #repairs = new Set<string>();
  #pull = false;
  #work = new Deferred<void>();

  addPull(): void {
    this.#pull = true;
    this.#work.resolve();
  }

  addRepair(conversation: string): void {
    this.#repairs.add(conversation);
    this.#work.resolve();
  }

  /** The next conversation to repair; null stands for the pull. */
  async take(signal: AbortSignal): Promise<string | null> {
    while (this.#repairs.size === 0 && !this.#pull) {
      this.#work = new Deferred();
      await unlessAborted(this.#work.promise, signal);
    }
    for (const conversation of this.#repairs) {
      this.#repairs.delete(conversation);
      return conversation;
    }
    this.#pull = false;
    return null;
  }
}
