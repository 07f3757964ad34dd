import { maxTimeoutMs } from '../util/sleep.js';
import type { Body } from '../wire/frames.js';
import type { PendingSends } from './pendingSends.js';

/** A receipt that is out for longer than so puts the connection in doubt. */
export const overdueMs = 8000;

/** Moves pending messages to the connection there is, and stands still while the rate limit asks for it. */
export class SendPump {
  readonly #pending: PendingSends;
  #write: ((body: Body) => void) | null = null;
  #pause: ReturnType<typeof setTimeout> | undefined;
  readonly #overdue: () => void;
  #watch: ReturnType<typeof setTimeout> | undefined;

  /** `overdue` is called while a receipt is out for too long, now and then: what it waits for may be dead. */
  constructor(pending: PendingSends, overdue: () => void) {
    this.#pending = pending;
    this.#overdue = overdue;
  }

  /** Sends what may go. */
  run(): void {
    const write = this.#write;
    if (write && this.#pause === undefined) this.#pending.pump((send) => write(send.body));
    if (write) this.#watch ??= setTimeout(() => this.#look(), overdueMs);
  }

  /** Ends by itself once nothing is on its way: who has nothing to say is asked for nothing. */
  #look(): void {
    this.#watch = undefined;
    const since = this.#pending.waitingSince;
    if (since === null) return;
    const left = since + overdueMs - performance.now();
    if (left <= 0) this.#overdue();
    this.#watch = setTimeout(() => this.#look(), left > 0 ? left : overdueMs);
  }

  /** A connection is ready: everything without a receipt goes over it. */
  attach(write: (body: Body) => void): void {
    this.#resume();
    this.#pending.connectionLost();
    this.#write = write;
    this.run();
  }

  detach(): void {
    this.#write = null;
    clearTimeout(this.#watch);
    this.#watch = undefined;
    this.#resume();
  }

  pause(ms: number): void {
    this.#resume();
    this.#pause = setTimeout(
      () => {
        this.#resume();
        this.run();
      },
      Math.min(ms, maxTimeoutMs),
    );
  }

  #resume(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
  }
}
