import { connectionLost, SailfishError } from '../errors.js';
import { Deferred } from '../util/deferred.js';
import { type Body, decodeFrame, encodeFrame, type Frame } from '../wire/frames.js';

/** What is used of a WebSocket: the browser's, and that of `ws` on Node. */
export interface WebSocketLike {
  readonly readyState: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
}

export type WebSocketConstructor = new (url: string, protocols?: string | string[]) => WebSocketLike;

const openState = 1;
const normalClosure = 1000;

/** Frames over one WebSocket. What comes before anybody listens waits. */
export class Transport {
  readonly #socket: WebSocketLike;
  readonly #opened = new Deferred<void>();
  readonly #ended = new Deferred<SailfishError>();
  #waiting: Frame[] = [];
  #listener: ((frame: Frame) => void) | null = null;

  private constructor(socket: WebSocketLike) {
    this.#socket = socket;
    socket.addEventListener('open', () => this.#opened.resolve());
    socket.addEventListener('message', (event) => this.#take(event.data));
    socket.addEventListener('close', () => this.#end(connectionLost()));
    // A close follows each error in browsers; elsewhere it may not.
    socket.addEventListener('error', () => this.#end(connectionLost()));
  }

  /** Resolves once the connection is open; rejects when there is none to be had. */
  static async open(WebSocketType: WebSocketConstructor, url: string, signal: AbortSignal): Promise<Transport> {
    const transport = new Transport(new WebSocketType(url, 'sailfish.json'));
    signal.addEventListener('abort', () => transport.close(), { once: true });
    await transport.#opened.promise;
    return transport;
  }

  /** How it ended. Never rejects. */
  get ended(): Promise<SailfishError> {
    return this.#ended.promise;
  }

  /** Hands frames to a listener, those that wait first; null makes them wait. */
  listen(listener: ((frame: Frame) => void) | null): void {
    this.#listener = listener;
    while (this.#listener && this.#waiting.length > 0) this.#listener(this.#waiting.shift() as Frame);
  }

  /** Sends a frame; without an open connection it is void, for the end is told apart. */
  send(code: number, body: Body): void {
    if (this.#socket.readyState === openState) this.#socket.send(encodeFrame(code, body));
  }

  close(): void {
    this.#end(connectionLost());
  }

  #take(data: unknown): void {
    try {
      const frame = decodeFrame(data);
      if (this.#listener) this.#listener(frame);
      else this.#waiting.push(frame);
    } catch (cause) {
      if (!(cause instanceof SailfishError)) throw cause;
      this.#end(cause);
    }
  }

  #end(cause: SailfishError): void {
    this.#opened.reject(cause);
    this.#ended.resolve(cause);
    this.#listener = () => {};
    this.#waiting = [];
    try {
      this.#socket.close(normalClosure);
    } catch {
      // Closing what never opened throws on some platforms.
    }
  }
}
