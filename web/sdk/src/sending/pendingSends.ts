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
  /** How many calls wait for it: it is forgotten with the last. */
  waiters = 0;
  /** How often the server refused it for its rate. */
  rateLimited = 0;

  constructor(clientMsgId: string, body: Body) {
    this.clientMsgId = clientMsgId;
    this.body = body;
  }
}

/**
 * The messages that have no receipt so far, in the order they were sent. Each goes over a connection at most once, unless
 * the server refuses it for its rate; a new connection gets all of them again. Does no I/O.
 */
export class PendingSends {
  readonly #maxInFlight: number;
  readonly #rateLimitRetries: number;
  readonly #maxPauseMs: number;
  /** A Map keeps the order of insertion, which is the order of sending. */
  readonly #sends = new Map<string, PendingSend>();
  #inFlight = 0;
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

  /** Adds a message that somebody waits for; when one with its id is pending already, gives that one. */
  add(send: PendingSend): PendingSend {
    const pending = this.#sends.get(send.clientMsgId) ?? send;
    this.#sends.set(send.clientMsgId, pending);
    pending.waiters++;
    return pending;
  }

  /** One who waited for the message does so no more. With the last it is forgotten, if it is pending still: true then. */
  forget(send: PendingSend): boolean {
    if (--send.waiters > 0 || this.#sends.get(send.clientMsgId) !== send) return false;
    this.#remove(send.clientMsgId);
    return true;
  }

  /** Hands the messages that may go now to `write`, in order. */
  pump(write: (send: PendingSend) => void): void {
    // After a refusal for the rate one goes at a time, so that order survives the wait.
    const window = this.#limited ? 1 : this.#maxInFlight;
    for (const send of this.#sends.values()) {
      if (this.#inFlight >= window) return;
      if (send.inFlight) continue;
      send.inFlight = true;
      this.#inFlight++;
      write(send);
    }
  }

  /** The message is stored; false when nobody waits for it. */
  complete(receipt: Receipt): boolean {
    const send = this.#remove(receipt.clientMsgId);
    send?.result.resolve(receipt);
    return send !== undefined;
  }

  /**
   * The message was refused. Gives for how many milliseconds nothing should be sent when it was for the rate and the
   * message may try again; else it has failed.
   */
  refuse(clientMsgId: string, cause: SailfishError): number | null {
    const pause = Math.max(1, cause.retryAfterMs ?? defaultPauseMs);
    if (cause.error === 'rate_limited' && pause <= this.#maxPauseMs && this.#putBack(clientMsgId)) return pause;
    this.#remove(clientMsgId)?.result.reject(cause);
    return null;
  }

  /** Settles once what is pending now has its receipt or has failed. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#sends.values()].map((send) => send.result.promise));
  }

  /** The connection is gone: everything goes again over the next. */
  connectionLost(): void {
    for (const send of this.#sends.values()) send.inFlight = false;
    this.#inFlight = 0;
  }

  failAll(cause: SailfishError): void {
    for (const id of [...this.#sends.keys()]) this.#remove(id)?.result.reject(cause);
  }

  #putBack(clientMsgId: string): boolean {
    const send = this.#sends.get(clientMsgId);
    if (!send || ++send.rateLimited > this.#rateLimitRetries) return false;
    this.#limited = true;
    this.#land(send);
    return true;
  }

  #remove(clientMsgId: string): PendingSend | undefined {
    const send = this.#sends.get(clientMsgId);
    if (!send) return undefined;
    this.#sends.delete(clientMsgId);
    this.#land(send);
    this.#limited &&= this.#sends.size > 0;
    return send;
  }

  #land(send: PendingSend): void {
    if (!send.inFlight) return;
    send.inFlight = false;
    this.#inFlight--;
  }
}
