import { ClientErrors, connectionLost, SailfishError } from '../errors.js';
import { Deferred } from '../util/deferred.js';
import { sleep } from '../util/sleep.js';
import { type Body, type Frame, FrameCode } from '../wire/frames.js';
import { farewellOf } from '../wire/refusals.js';
import { readSyncReply, type SyncReply } from '../wire/syncReply.js';
import { AckBook } from './ackBook.js';
import { isOfSync } from './errorOwners.js';
import { Requests } from './requests.js';
import type { Transport } from './transport.js';

/** Heartbeats without any frame from the server, after which the connection counts as dead. */
const deadAfterHeartbeats = 2.5;
const logoutTimeoutMs = 2000;
/** How long a connection in doubt has to answer. */
const probeTimeoutMs = 5000;
/** After which it is said that there is no answer: most are here sooner. */
const doubtAfterMs = 1000;

/** One logged-in connection: keeps it alive, and finds out when it is dead. */
export class Session {
  readonly requests = new Requests((code, body) => this.send(code, body));
  readonly acks = new AckBook((body) => this.send(FrameCode.ack, body));
  readonly #transport: Transport;
  readonly #heartbeatMs: number;
  readonly #silenceMs: number;
  readonly #stop = new AbortController();
  readonly #ended = new Deferred<SailfishError>();
  readonly #pulled = new Deferred<void>();
  #farewell: SailfishError | null = null;
  #beat: ReturnType<typeof setInterval> | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  /** There while a sign of life is waited for. */
  #probing: ReturnType<typeof setTimeout> | undefined;
  #isInDoubt = false;
  #tellDoubt: (isInDoubt: boolean) => void = () => {};

  /** `askedMs` is how often the server wants heartbeats, `ownMs` how often they are sent at least. */
  constructor(transport: Transport, askedMs: number, ownMs: number) {
    this.#transport = transport;
    this.#heartbeatMs = Math.min(askedMs, ownMs);
    // Browsers slow down the timers of pages out of view: more heartbeats do not mean less patience.
    this.#silenceMs = askedMs * deadAfterHeartbeats;
  }

  /** Aborted when the connection ends. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /**
   * Runs the connection until it ends and says how it did. Each frame that answers nothing goes to `onFrame`; `alongside`
   * runs with it and ends with it, by the signal. `onDoubt` is told when there is no sign of life, and when there is again.
   * Rejects with what the first two throw beyond a {@link SailfishError}: a fault.
   */
  run(
    onFrame: (frame: Frame) => void,
    alongside: () => Promise<void>,
    onDoubt: (isInDoubt: boolean) => void,
  ): Promise<SailfishError> {
    this.#tellDoubt = onDoubt;
    this.#transport.ended.then((cause) => this.end(cause));
    this.#beat = setInterval(() => this.send(FrameCode.heartbeat, {}), this.#heartbeatMs);
    this.#heard();
    this.#transport.listen((frame) => {
      try {
        this.#take(frame, onFrame);
      } catch (fault) {
        this.#fail(fault);
      }
    });
    if (!this.signal.aborted) alongside().catch((cause: unknown) => this.#fail(cause));
    return this.#ended.promise;
  }

  send(code: number, body: Body): void {
    this.#transport.send(code, body);
  }

  /** Resolves once what the server had when this was called was read; needs what waited at login to be pulled. */
  async catchUp(): Promise<void> {
    await this.#pulled.promise;
    // Frames are handled in order: the answer to a SYNC of nothing comes behind everything asked for before.
    await this.sync({ after: {} }, null);
  }

  /** Asks for messages: of `conversation`, where it is one that is asked about. */
  async sync(body: Body, conversation: string | null): Promise<SyncReply> {
    const refusedBy = (refusal: SailfishError) => isOfSync(refusal, conversation);
    return readSyncReply(await this.requests.call({ code: FrameCode.sync, body, refusedBy }));
  }

  /** The offline messages were pulled. */
  setPulled(): void {
    this.#pulled.resolve();
  }

  /** The server does not give the offline messages: who waits for them is told. */
  setPullRefused(refusal: SailfishError): void {
    this.#pulled.reject(refusal);
  }

  /** Ends the connection; void when it has ended. */
  end(cause: SailfishError): void {
    this.#halt();
    this.#ended.resolve(this.#farewell ?? cause);
  }

  /** Asks for a sign of life; without one the connection ends soon. */
  probe(): void {
    if (this.#probing !== undefined || this.signal.aborted) return;
    this.send(FrameCode.heartbeat, {});
    this.#probing = setTimeout(() => this.#doubts(true), doubtAfterMs);
    this.#expect(Math.min(probeTimeoutMs, this.#silenceMs));
  }

  /** Says goodbye, so that the server has read everything before the connection ends. */
  async logout(): Promise<void> {
    this.#farewell = new SailfishError(ClientErrors.closed, 'the client logged out', { final: true });
    this.acks.flush();
    this.send(FrameCode.logout, {});
    await sleep(logoutTimeoutMs, this.signal).catch(() => {});
    this.end(this.#farewell);
  }

  #take(frame: Frame, onFrame: (frame: Frame) => void): void {
    this.#heard();
    if (frame.code === FrameCode.bye) this.end(farewellOf(frame.body));
    else if (frame.code === FrameCode.logout) this.end(connectionLost());
    else if (!this.requests.tryAnswer(frame)) onFrame(frame);
  }

  #heard(): void {
    this.#doubts(false);
    this.#expect(this.#silenceMs);
  }

  #doubts(isInDoubt: boolean): void {
    if (!isInDoubt) {
      clearTimeout(this.#probing);
      this.#probing = undefined;
    }
    if (isInDoubt === this.#isInDoubt) return;
    this.#isInDoubt = isInDoubt;
    this.#tellDoubt(isInDoubt);
  }

  /** The connection counts as dead after so long without any frame. */
  #expect(ms: number): void {
    clearTimeout(this.#watchdog);
    if (!this.signal.aborted) this.#watchdog = setTimeout(() => this.end(connectionLost()), ms);
  }

  #fail(cause: unknown): void {
    if (cause instanceof SailfishError) {
      this.end(cause);
      return;
    }
    this.#ended.reject(cause);
    this.#halt();
  }

  #halt(): void {
    if (this.signal.aborted) return;
    clearInterval(this.#beat);
    clearTimeout(this.#watchdog);
    clearTimeout(this.#probing);
    const lost = connectionLost();
    this.#stop.abort(lost);
    this.requests.close(lost);
    this.#pulled.reject(lost);
    this.#transport.close();
  }
}
