import { ClientErrors, isConnectionLost, SailfishError } from '../errors.js';
import type { AckMode, Inbox, MessageSource } from '../receiving/inbox.js';
import type { PendingSends } from '../sending/pendingSends.js';
import { settledWithin, sleep } from '../util/sleep.js';
import { textOf } from '../wire/frames.js';
import type { MessageReader } from './messageReader.js';
import type { Session } from './session.js';
import type { SyncPlan } from './syncPlan.js';

const pageLimit = 200;
const maxAttempts = 4;
const firstRetryDelayMs = 100;
const receiptPatienceMs = 500;
const refusedDelayMs = 1000;

interface Page {
  readonly first: string | null;
  readonly more: boolean;
}

export interface SyncParts {
  readonly inbox: Inbox;
  readonly reader: MessageReader;
  readonly pending: PendingSends;
  readonly ackMode: AckMode;
}

/** Pulls what a connection missed. */
export class SyncWorker {
  readonly #session: Session;
  readonly #plan: SyncPlan;
  readonly #inbox: Inbox;
  readonly #reader: MessageReader;
  readonly #pending: PendingSends;
  readonly #ackMode: AckMode;
  readonly #attempts = new Map<string, number>();
  #lastPageStart: string | null = null;
  #samePages = 0;
  #pullAttempts = 0;

  constructor(session: Session, plan: SyncPlan, { inbox, reader, pending, ackMode }: SyncParts) {
    this.#session = session;
    this.#plan = plan;
    this.#inbox = inbox;
    this.#reader = reader;
    this.#pending = pending;
    this.#ackMode = ackMode;
  }

  /** Runs until the connection ends, with whose error it rejects. */
  async run(): Promise<never> {
    for (;;) {
      const conversation = await this.#plan.take(this.#session.signal);
      if (conversation === null) await this.#pull();
      else await this.#repair(conversation);
    }
  }

  async #pull(): Promise<void> {
    try {
      const page = await this.#sync(null, 0, 'pull');
      if (!page.more) this.#endPull();
      else if (page.first !== null) await this.#continuePull(page.first);
      else await this.#retryPull(new SailfishError('internal', 'the server has more messages but gives none'));
    } catch (cause) {
      const refusal = refusalIn(cause);
      // Nobody writes to a guest: that is all there is.
      if (refusal.error === 'guest') this.#endPull();
      else if (await this.#passed(refusal)) this.#plan.addPull();
      else await this.#retryPull(refusal);
    }
  }

  #endPull(): void {
    this.#pullAttempts = 0;
    this.#inbox.endPull();
    this.#session.setPulled();
  }

  /** A pull that failed brought not everything: it is tried again, and what it leaves out is never acknowledged. */
  async #retryPull(cause: SailfishError): Promise<void> {
    if (++this.#pullAttempts < maxAttempts) {
      await sleep(firstRetryDelayMs * 2 ** this.#pullAttempts, this.#session.signal);
      this.#plan.addPull();
      return;
    }
    this.#pullAttempts = 0;
    this.#inbox.endPull(false);
    this.#session.setPullRefused(cause);
  }

  /** The same page again means that the acks of the last one have not counted yet, or that a gap holds it back. */
  async #continuePull(start: string): Promise<void> {
    this.#samePages = start === this.#lastPageStart ? this.#samePages + 1 : 0;
    this.#lastPageStart = start;
    if (this.#ackMode === 'manual' && this.#samePages >= maxAttempts) {
      this.#parkPull();
      return;
    }
    if (this.#samePages > 0) await sleep(this.#samePageDelay(), this.#session.signal);
    this.#plan.addPull();
  }

  /** Where the application acknowledges, it may take its time. */
  #samePageDelay(): number {
    return this.#ackMode === 'manual' ? firstRetryDelayMs * 2 ** this.#samePages : firstRetryDelayMs;
  }

  /** The application has all of the page and acknowledges nothing of it: there is no way on for now. */
  #parkPull(): void {
    this.#samePages = 0;
    this.#lastPageStart = null;
    this.#plan.parkPull();
    this.#inbox.endPull(false);
    this.#session.setPulled();
  }

  /** A receipt under way may be what is missing, and an own message must not come back before it. */
  async #repair(conversation: string): Promise<void> {
    await settledWithin(this.#pending.settled(), receiptPatienceMs, this.#session.signal);
    const after = this.#inbox.syncAfter(conversation);
    if (after === null) return;
    try {
      const page = await this.#sync(conversation, after, 'repair');
      if (page.more && page.first !== null) this.#plan.addRepair(conversation);
      else if (!page.more && this.#inbox.settle(conversation)) this.#attempts.delete(conversation);
      else await this.#tryAgain(conversation, after);
    } catch (cause) {
      if (await this.#passed(refusalIn(cause))) this.#plan.addRepair(conversation);
      else this.#inbox.giveUp(conversation);
    }
  }

  /** What is not there yet may be there soon; what stays away is a gap. */
  async #tryAgain(conversation: string, after: number): Promise<void> {
    const advanced = (this.#inbox.syncAfter(conversation) ?? after) > after;
    const attempt = advanced ? 0 : (this.#attempts.get(conversation) ?? 0);
    this.#attempts.set(conversation, attempt + 1);
    if (attempt + 1 >= maxAttempts) {
      this.#attempts.delete(conversation);
      this.#inbox.giveUp(conversation);
      return;
    }
    await sleep(firstRetryDelayMs * 2 ** attempt, this.#session.signal);
    this.#plan.addRepair(conversation);
  }

  /** Asks, and takes in what the answer holds; without a conversation for what was not acknowledged. */
  async #sync(conversation: string | null, after: number, source: MessageSource): Promise<Page> {
    // They count for what is asked now.
    this.#session.acks.flush();
    const wanted = conversation === null ? {} : { after: { [conversation]: after } };
    const reply = await this.#session.sync({ ...wanted, limit: pageLimit }, conversation);
    for (const [name, seq] of reply.firstSeq) this.#inbox.truncate(name, seq);
    for (const item of reply.messages) {
      const message = this.#reader.read(item);
      if (message) this.#inbox.arrive(message, source);
    }
    this.#session.acks.flush();
    return { first: reply.messages[0] ? textOf(reply.messages[0].msgId) : null, more: reply.more };
  }

  /** Waits out a refusal that passes; false for one that stays. */
  async #passed({ error, retryAfterMs }: SailfishError): Promise<boolean> {
    if (!['rate_limited', 'not_stored', 'internal'].includes(error)) return false;
    await sleep(Math.max(1, retryAfterMs ?? refusedDelayMs), this.#session.signal);
    return true;
  }
}

/** The server's refusal. What else goes wrong ends the connection, and with it the worker. */
function refusalIn(cause: unknown): SailfishError {
  if (cause instanceof SailfishError && !isConnectionLost(cause) && cause.error !== ClientErrors.badPeer) return cause;
  throw cause;
}
