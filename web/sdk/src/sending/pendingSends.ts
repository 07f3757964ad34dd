import type { SailfishError } from '../errors.js';
import type { Receipt } from '../message.js';
import { Deferred } from '../util/deferred.js';
import type { Body } from '../wire/frames.js';

const defaultPauseMs = 1000;

/** A message without a receipt so far. Its state belongs to {@link PendingSends}. */
export class PendingSend {
  readonly clientMsgId: string;
  readonly body: Body;
  readonly result = new Deferred<Receipt>();
  /** Whether it went over the connection there is now. */
  inFlight = false;
  /** When it did. */
  sentAt = 0;
  /** How often the server refused it for its rate. */
  rateLimited = 0;
  readonly #conversation: string | null;

  /** `conversation` is where it is said; null where only the server's handler knows. */
  constructor(clientMsgId: string, body: Body, conversation: string | null) {
    this.clientMsgId = clientMsgId;
    this.body = body;
    this.#conversation = conversation;
  }

  /** Whether a receipt of its key can be its own: in another conversation the key is another message's. */
  isStoredBy(receipt: Receipt): boolean {
    return this.#conversation === null || this.#conversation === receipt.conversation;
  }
}

/**
 * The messages that have no receipt so far, in the order they were sent. Each goes over a connection at most once, unless
 * the server refuses it for its rate; a new connection gets all of them again. Of those with one key, one is on its way at
 * a time: an ERROR names the key alone, and the same key in another conversation is another message. Does no I/O.
 */
export class PendingSends {
  readonly #maxInFlight: number;
  readonly #rateLimitRetries: number;
  readonly #maxPauseMs: number;
  /** A Set keeps the order of insertion, which is the order of sending. */
  readonly #sends = new Set<PendingSend>();
  /** Those that are on their way, by their keys. */
  readonly #inFlight = new Map<string, PendingSend>();
  #limited = false;

  /** A refusal that asks for a longer wait than `maxPauseMs` fails the message. */
  constructor(maxInFlight: number, rateLimitRetries: number, maxPauseMs = Number.POSITIVE_INFINITY) {
    this.#maxInFlight = maxInFlight;
    this.#rateLimitRetries = rateLimitRetries;
    this.#maxPauseMs = maxPauseMs;
  }

  get size(): number {
    return this.#sends.size;
  }

  /** Since when the one is on its way that went first; null where none is. */
  get waitingSince(): number | null {
    const [first] = this.#inFlight.values();
    return first?.sentAt ?? null;
  }

  add(send: PendingSend): void {
    this.#sends.add(send);
  }

  /** Nobody waits for the message any more. Gives whether it was pending still. */
  forget(send: PendingSend): boolean {
    return this.#remove(send);
  }

  /** Hands the messages that may go now to `write`, in order. */
  pump(write: (send: PendingSend) => void): void {
    // After a refusal for the rate one goes at a time, so that order survives the wait.
    const window = this.#limited ? 1 : this.#maxInFlight;
    for (const send of this.#sends) {
      if (this.#inFlight.size >= window) return;
      if (send.inFlight) continue;
      // Its turn comes when the other one is answered; what was sent after it waits, too.
      if (this.#inFlight.has(send.clientMsgId)) return;
      this.#inFlight.set(send.clientMsgId, send);
      send.inFlight = true;
      send.sentAt = performance.now();
      write(send);
    }
  }

  /** The message is stored; false when nobody waits for it. */
  complete(receipt: Receipt): boolean {
    const send = this.#inFlight.get(receipt.clientMsgId);
    if (!send?.isStoredBy(receipt)) return false;
    this.#remove(send);
    send.result.resolve(receipt);
    return true;
  }

  /**
   * The message was refused. Gives for how many milliseconds nothing should be sent when it was for the rate and the
   * message may try again; else it has failed.
   */
  refuse(clientMsgId: string, cause: SailfishError): number | null {
    const send = this.#inFlight.get(clientMsgId);
    if (!send) return null;
    const pause = Math.max(1, cause.retryAfterMs ?? defaultPauseMs);
    if (cause.error === 'rate_limited' && pause <= this.#maxPauseMs && this.#putBack(send)) return pause;
    this.#remove(send);
    send.result.reject(cause);
    return null;
  }

  /** Settles once what is pending now has its receipt or has failed. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#sends].map((send) => send.result.promise));
  }

  /** The connection is gone: everything goes again over the next. */
  connectionLost(): void {
    for (const send of this.#inFlight.values()) send.inFlight = false;
    this.#inFlight.clear();
  }

  failAll(cause: SailfishError): void {
    for (const send of [...this.#sends]) {
      this.#remove(send);
      send.result.reject(cause);
    }
  }

  #putBack(send: PendingSend): boolean {
    if (++send.rateLimited > this.#rateLimitRetries) return false;
    this.#limited = true;
    this.#land(send);
    return true;
  }

  #remove(send: PendingSend): boolean {
    if (!this.#sends.delete(send)) return false;
    this.#land(send);
    this.#limited &&= this.#sends.size > 0;
    return true;
  }

  #land(send: PendingSend): void {
    if (!send.inFlight) return;
    send.inFlight = false;
    this.#inFlight.delete(send.clientMsgId);
  }
}
