import { membersOf } from '../logic/json';

/** What the server says about a stream that is sent to it. */
export interface PublishStats {
  readonly kbps?: number;
  readonly fps?: number;
  readonly viewers?: number;
}

export interface PublishEvents {
  started(): void;
  stats(stats: PublishStats): void;
  closed(code: number): void;
}

/** The server takes no longer messages. */
export const largestMessage = 64 * 1024;

/** The connection over which a stream goes to the server: bytes there, short texts back. */
export class PublishSocket {
  readonly #socket: WebSocket;

  constructor(url: string, events: PublishEvents) {
    this.#socket = new WebSocket(url);
    this.#socket.onmessage = ({ data }) => tell(data, events);
    this.#socket.onclose = ({ code }) => events.closed(code);
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Bytes that have not gone out. */
  get unsent(): number {
    return this.#socket.bufferedAmount;
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (!this.isOpen) return;
    for (const piece of pieces(bytes, largestMessage)) this.#socket.send(piece);
  }

  /** Nothing is told any more. */
  close(): void {
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close(1000);
  }
}

/** The same bytes in pieces of at most that length. */
export function pieces(bytes: Uint8Array<ArrayBuffer>, longest: number): Uint8Array<ArrayBuffer>[] {
  const count = Math.ceil(bytes.length / longest);
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * longest, (i + 1) * longest));
}

function tell(data: unknown, events: PublishEvents): void {
  const { event, ...rest } = membersOf(String(data));
  if (event === 'started') events.started();
  else if (event === 'stats') events.stats(rest as PublishStats);
}
