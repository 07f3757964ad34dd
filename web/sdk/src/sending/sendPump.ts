import { maxTimeoutMs } from '../util/sleep.js';
import type { Body } from '../wire/frames.js';
import type { PendingSends } from './pendingSends.js';

/** Moves pending messages to the connection there is, and stands still while the rate limit asks for it. */
export class SendPump {
  readonly #pending: PendingSends;
  #write: ((body: Body) => void) | null = null;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(pending: PendingSends) {
    this.#pending = pending;
  }

  /** Sends what may go. */
  run(): void {
    const write = this.#write;
    if (write && this.#pause === undefined) this.#pending.pump((send) => write(send.body));
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
