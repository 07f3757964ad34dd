import type { WebSocketLike } from '../../src/index.js';

type Listener = (event: { data: unknown }) => void;

/** A WebSocket whose other end is the test. */
export class FakeWebSocket implements WebSocketLike {
  readyState = 0;
  readonly url: string;
  readonly protocols: string | string[] | undefined;
  onSend: (text: string) => void = () => {};
  onClose: () => void = () => {};
  readonly #listeners = new Map<string, Listener[]>();

  constructor(url: string, protocols?: string | string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  addEventListener(type: string, listener: Listener | (() => void)): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener as Listener]);
  }

  send(text: string): void {
    this.onSend(text);
  }

  close(): void {
    if (this.readyState >= 2) return;
    this.readyState = 3;
    this.onClose();
    this.#raise('close');
  }

  /** The other end takes the connection. */
  accept(): void {
    this.readyState = 1;
    this.#raise('open');
  }

  /** The other end sends. */
  receive(text: unknown): void {
    if (this.readyState === 1) this.#raise('message', text);
  }

  /** The connection breaks, or cannot be had. */
  drop(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#raise('error');
    this.#raise('close');
  }

  #raise(type: string, data?: unknown): void {
    for (const listener of this.#listeners.get(type) ?? []) listener({ data });
  }
}
