import { connectionLost, type SailfishError } from '../errors.js';
import { Deferred } from '../util/deferred.js';
import type { Body, Frame } from '../wire/frames.js';

/** A frame that is answered by one of the same code. */
export interface Request {
  readonly code: number;
  readonly body: Body;
  readonly accepts?: (reply: Body) => boolean;
  /** Whether an ERROR without a `clientMsgId` can be about this. */
  readonly refusedBy: (refusal: SailfishError) => boolean;
  /** Runs before the next frame is looked at. */
  readonly onReply?: (reply: Body) => void;
}

interface Waiting {
  readonly request: Request;
  readonly reply: Deferred<Body>;
}

/** Sends requests one at a time, so that an ERROR that names no message and no room belongs to the one that is out. */
export class Requests {
  readonly #send: (code: number, body: Body) => void;
  readonly #queue: Waiting[] = [];
  #outstanding: Waiting | null = null;
  #closed = false;

  constructor(send: (code: number, body: Body) => void) {
    this.#send = send;
  }

  /** Gives the answer; rejects with a {@link SailfishError} when the server refuses or the connection ends. */
  call(request: Request): Promise<Body> {
    const waiting = { request, reply: new Deferred<Body>() };
    if (this.#closed) waiting.reply.reject(connectionLost());
    else this.#queue.push(waiting);
    this.#next();
    return waiting.reply.promise;
  }

  /** Whether the frame was the answer that is waited for. */
  tryAnswer(frame: Frame): boolean {
    const { request, reply } = this.#outstanding ?? {};
    if (!request || !reply || request.code !== frame.code || request.accepts?.(frame.body) === false) return false;
    this.#outstanding = null;
    request.onReply?.(frame.body);
    reply.resolve(frame.body);
    this.#next();
    return true;
  }

  /** Whether the refusal was of what is waited for. */
  tryRefuse(refusal: SailfishError): boolean {
    const waiting = this.#outstanding;
    if (!waiting?.request.refusedBy(refusal)) return false;
    this.#outstanding = null;
    waiting.reply.reject(refusal);
    this.#next();
    return true;
  }

  /** The connection ended: nothing is answered any more. */
  close(cause: SailfishError): void {
    this.#closed = true;
    this.#outstanding?.reply.reject(cause);
    this.#outstanding = null;
    for (const waiting of this.#queue.splice(0)) waiting.reply.reject(cause);
  }

  #next(): void {
    if (this.#outstanding) return;
    this.#outstanding = this.#queue.shift() ?? null;
    if (this.#outstanding) this.#send(this.#outstanding.request.code, this.#outstanding.request.body);
  }
}
