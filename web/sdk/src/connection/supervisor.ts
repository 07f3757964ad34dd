import { ClientErrors, SailfishError } from '../errors.js';
import type { SailfishState } from '../events.js';
import type { ResolvedOptions } from '../options.js';
import { Deferred } from '../util/deferred.js';
import { settledWithin } from '../util/sleep.js';
import { type Body, FrameCode } from '../wire/frames.js';
import { Backoff } from './backoff.js';
import { FrameRouter, type RouterParts } from './frameRouter.js';
import type { Login } from './login.js';
import { OnlineGate } from './onlineGate.js';
import type { Session } from './session.js';
import { SyncPlan } from './syncPlan.js';
import { SyncWorker } from './syncWorker.js';

/** A connection that lived this long was a good one: the backoff begins anew after it. */
const stableAfterMs = 5000;

/** The connection there is, as the inbox uses it. */
export interface Link {
  readonly session: Session;
  readonly plan: SyncPlan;
}

export interface SupervisorEvents {
  stateIs(state: SailfishState, reason: string | null): void;
  failed(cause: SailfishError): void;
  /** Whether the connection gives no sign of life, until it does, or the next one is there. */
  doubt(isInDoubt: boolean): void;
}

/** Keeps a client connected: one session after another, until the end is final. */
export class Supervisor {
  readonly online = new OnlineGate();
  readonly #options: ResolvedOptions;
  readonly #login: Login;
  readonly #backoff: Backoff;
  readonly #parts: RouterParts;
  readonly #events: SupervisorEvents;
  #link: Link | null = null;
  #awake = new Deferred<void>();
  #attempt: AbortController | null = null;
  #isInDoubt = false;

  constructor(options: ResolvedOptions, login: Login, parts: RouterParts, events: SupervisorEvents) {
    this.#options = options;
    this.#login = login;
    this.#backoff = new Backoff(options.reconnectMinMs, options.reconnectMaxMs);
    this.#parts = parts;
    this.#events = events;
  }

  /** The connection there is; null while there is none. */
  get link(): Link | null {
    return this.#link;
  }

  /**
   * The network is back, or the page in view: cuts a wait for the next attempt short, begins one that is under way anew,
   * for what it hangs on may be dead, and finds out whether the connection there is still lives.
   */
  wake(): void {
    this.#awake.resolve();
    this.#attempt?.abort(new SailfishError(ClientErrors.unreachable, 'a new attempt takes its place'));
    this.#link?.session.probe();
  }

  /** The first connection, tried again only where the options say so. */
  async openFirst(signal: AbortSignal): Promise<Session> {
    try {
      return await this.#open(signal);
    } catch (cause) {
      const error = this.#passing(cause, signal);
      if (!this.#options.retryFirstConnect) throw error;
      this.#events.failed(error);
      return await this.#reopen(error, signal);
    }
  }

  /** Runs until the server ends it for good, whose word it gives; rejects when aborted, and with faults. */
  async run(first: Session, signal: AbortSignal): Promise<string> {
    let session = first;
    for (;;) {
      const end = await this.#host(session, signal);
      signal.throwIfAborted();
      if (end.final) return end.error;
      this.#events.stateIs('reconnecting', end.error);
      try {
        session = await this.#reopen(end, signal);
      } catch (cause) {
        signal.throwIfAborted();
        if (cause instanceof SailfishError) return cause.error;
        throw cause;
      }
    }
  }

  /** Tries until there is a connection; rejects when trying makes no sense. */
  async #reopen(end: SailfishError, signal: AbortSignal): Promise<Session> {
    let delay = end.retryAfterMs ?? this.#backoff.next();
    for (;;) {
      await this.#rest(delay, signal);
      try {
        return await this.#open(signal);
      } catch (cause) {
        const error = this.#passing(cause, signal);
        this.#events.failed(error);
        delay = Math.max(error.retryAfterMs ?? 0, this.#backoff.next());
      }
    }
  }

  /** One attempt; and another at once for each that is given up because the network is said to be back. */
  async #open(signal: AbortSignal): Promise<Session> {
    for (;;) {
      const attempt = new AbortController();
      const stop = () => attempt.abort(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      this.#attempt = attempt;
      try {
        signal.throwIfAborted();
        return await this.#login.open(attempt.signal);
      } catch (cause) {
        if (signal.aborted || !attempt.signal.aborted) throw cause;
      } finally {
        signal.removeEventListener('abort', stop);
        this.#attempt = null;
      }
    }
  }

  /** An error after which trying again makes sense; throws all others. */
  #passing(cause: unknown, signal: AbortSignal): SailfishError {
    signal.throwIfAborted();
    if (!(cause instanceof SailfishError) || cause.final) throw cause;
    return cause;
  }

  async #rest(ms: number, signal: AbortSignal): Promise<void> {
    this.#awake = new Deferred();
    await settledWithin(this.#awake.promise, ms, signal);
  }

  async #host(session: Session, signal: AbortSignal): Promise<SailfishError> {
    const plan = new SyncPlan();
    const router = new FrameRouter(session, plan, this.#parts);
    const since = performance.now();
    this.#link = { session, plan };
    this.#parts.inbox.beginPull();
    plan.addPull();
    const stop = () => session.end(signal.reason as SailfishError);
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await session.run(
        (frame) => router.route(frame),
        () => this.#live(session, plan),
        (isInDoubt) => this.#doubt(isInDoubt),
      );
    } finally {
      signal.removeEventListener('abort', stop);
      this.online.reset(session);
      this.#parts.pump.detach();
      this.#link = null;
      if (performance.now() - since >= stableAfterMs) this.#backoff.reset();
    }
  }

  #doubt(isInDoubt: boolean): void {
    if (isInDoubt === this.#isInDoubt) return;
    this.#isInDoubt = isInDoubt;
    this.#events.doubt(isInDoubt);
  }

  /** Rooms first, for the sends that wait may be for them; their receipts come before what is pulled. */
  async #live(session: Session, plan: SyncPlan): Promise<void> {
    const { rooms, pump } = this.#parts;
    await rooms.rejoin(session);
    pump.attach((body: Body) => session.send(FrameCode.message, body));
    this.online.open(session);
    this.#doubt(false);
    this.#events.stateIs('online', null);
    await new SyncWorker(session, plan, { ...this.#parts, ackMode: this.#options.ack }).run();
  }
}
