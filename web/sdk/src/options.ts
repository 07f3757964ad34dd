import type { WebSocketConstructor } from './connection/transport.js';

/** How a {@link SailfishClient} connects and behaves. */
export interface SailfishClientOptions {
  /** Where the server is: `ws://host:8086/ws` or `wss://…`; on a page of the server's own, its `/ws`. */
  url: string;
  /**
   * Gives a token, which says who the user is. Called once for each login, because tokens live for minutes only. When it
   * throws, the first connect fails with `token_unavailable`; a reconnect tries again later. The signal is aborted when
   * the answer is of no use any more.
   */
  token: (signal: AbortSignal) => string | Promise<string>;
  /**
   * Who acknowledges one-to-one messages. `auto`, unless set: the client, when the handlers of `message` have returned.
   * `manual`: the application, by `client.ack(message)`, once the message is where it is not lost any more. What was not
   * acknowledged comes again with the next connection; the same `msgId` is the same message.
   */
  ack?: 'auto' | 'manual';
  /** The WebSocket to use where there is none built in: that of the `ws` package on Node 20. */
  WebSocket?: WebSocketConstructor;
  /**
   * Names the device, at most 128 characters: a newer connection with the same name replaces this one for good. Unless
   * set, a name is made for this client object, so that its own reconnects replace what is left of the connection before.
   */
  deviceId?: string;
  /** What the client runs on, for presence; at most 32 characters. `web` unless set. */
  platform?: string;
  /**
   * Whether living rooms tell how they are: in what `join` gives, and as the event `roomState` when it changes. Off unless
   * set. A server that does not know of it tells nothing.
   */
  roomState?: boolean;
  /** Heartbeats at least this often, where the server asks for fewer: rooms' viewers come with each. Not set: as the server asks. */
  heartbeatMs?: number;
  /** Whether the first connect is tried again and again too when the server cannot be reached. A refused token rejects in any case. */
  retryFirstConnect?: boolean;
  /** Time for connecting and logging in; 10,000 unless set. */
  connectTimeoutMs?: number;
  /** The first step of the reconnect delay, which is random between 0 and min(`reconnectMaxMs`, this × 2^n); 500 unless set. */
  reconnectMinMs?: number;
  /** The longest reconnect delay; 30,000 unless set. */
  reconnectMaxMs?: number;
  /** From a send to its receipt, reconnects and waits for rate limits included; 60,000 unless set, Infinity for no end. */
  receiptTimeoutMs?: number;
  /**
   * How many times one message that is over the rate limit is sent again by itself; 10 unless set, 0 for never. A refusal
   * that asks for a longer wait than `receiptTimeoutMs` rejects at once.
   */
  rateLimitRetries?: number;
  /**
   * How many messages may be on their way to the server without a receipt, 1 or more; the rest wait their turn. 64 unless
   * set. Those that are on their way when the server begins to refuse for the rate may change places; 1 rules that out.
   */
  maxInFlight?: number;
}

/** @internal */
export type ResolvedOptions = Required<Omit<SailfishClientOptions, 'deviceId'>> & { deviceId: string | undefined };

/** @internal Options with their defaults; throws when one is out of its range. */
export function resolveOptions(options: SailfishClientOptions): ResolvedOptions {
  const WebSocketType = options.WebSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
  if (!WebSocketType) throw new TypeError('There is no built-in WebSocket here: pass one as the option WebSocket.');
  if (typeof options.token !== 'function')
    throw new TypeError('token must be a function that gives a token: it is called for each login.');
  if (!/^wss?:\/\//.test(options.url)) throw new TypeError(`The url is "${options.url}", not ws:// or wss://.`);
  const resolved: ResolvedOptions = {
    url: options.url,
    token: options.token,
    ack: options.ack ?? 'auto',
    WebSocket: WebSocketType,
    deviceId: options.deviceId,
    platform: options.platform ?? 'web',
    roomState: options.roomState ?? false,
    heartbeatMs: options.heartbeatMs ?? Number.POSITIVE_INFINITY,
    retryFirstConnect: options.retryFirstConnect ?? false,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    reconnectMinMs: options.reconnectMinMs ?? 500,
    reconnectMaxMs: options.reconnectMaxMs ?? 30_000,
    receiptTimeoutMs: options.receiptTimeoutMs ?? 60_000,
    rateLimitRetries: options.rateLimitRetries ?? 10,
    maxInFlight: options.maxInFlight ?? 64,
  };
  if (!(resolved.maxInFlight >= 1)) throw new RangeError('maxInFlight is 1 or more.');
  if (!(resolved.heartbeatMs >= 1000)) throw new RangeError('heartbeatMs is 1000 or more.');
  if (!(resolved.reconnectMinMs >= 0)) throw new RangeError('reconnectMinMs is 0 or more.');
  if (!(resolved.reconnectMaxMs >= resolved.reconnectMinMs))
    throw new RangeError('reconnectMaxMs is reconnectMinMs or more.');
  return resolved;
}
