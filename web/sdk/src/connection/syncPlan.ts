import { Deferred } from '../util/deferred.js';
import { unlessAborted } from '../util/sleep.js';

/** What a connection has to SYNC: gaps first, then the offline messages. */
export class SyncPlan {
  readonly #repairs = new Set<string>();
  #pull = false;
  #parked = false;
  #work = new Deferred<void>();

  addPull(): void {
    this.#pull = true;
    this.#work.resolve();
  }

  /** The pull cannot go on before the application acknowledges something. */
  parkPull(): void {
    this.#parked = true;
  }

  /** Goes on with a pull that was parked; whether one was. */
  unpark(): boolean {
    const wasParked = this.#parked;
    this.#parked = false;
    if (wasParked) this.addPull();
    return wasParked;
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
