import { ClientErrors, SailfishError } from '../errors.js';

/** What a frame is (docs/protocol.md, section 1). */
export const FrameCode = {
  login: 1001,
  logout: 1002,
  message: 1003,
  heartbeat: 1004,
  ack: 1005,
  receipt: 1006,
  error: 1007,
  sync: 1008,
  join: 1009,
  leave: 1010,
  bye: 1011,
} as const;

/** What a message is for, as far as the client knows. */
export const BizCode = { chat: 5555, roomEvent: 5570, likes: 5571, roomState: 5574 } as const;

export type Body = Readonly<Record<string, unknown>>;

export interface Frame {
  readonly code: number;
  readonly body: Body;
}

/** Bytes of the largest body sent: with its envelope it stays within the server's 64 KiB. */
export const maxOutboundBody = 65_536 - 64;

export function encodeFrame(code: number, body: Body): string {
  return `{"code":${code},"body":${JSON.stringify(body)}}`;
}

/** Reads a `sailfish.json` frame; throws what ends the connection when it is none. */
export function decodeFrame(text: unknown): Frame {
  const envelope = typeof text === 'string' ? parseObject(text) : null;
  if (typeof envelope?.code !== 'number' || !isObject(envelope.body ?? {}))
    throw new SailfishError(ClientErrors.badPeer, 'the peer does not speak Sailfish');
  return { code: envelope.code, body: (envelope.body ?? {}) as Body };
}

/** The JSON object that a string holds; null when it holds none. */
export function parseObject(text: string): Body | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member if it is a string. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The member if it is a whole number, written as number or as string. */
export function wholeOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}
