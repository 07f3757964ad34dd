/** Words of {@link SailfishError.error} that the client itself says; all others are the server's. */
export const ClientErrors = {
  /** The server could not be reached, or did not answer the login in time. */
  unreachable: 'unreachable',
  /** The token callback threw; `cause` is what it threw. */
  tokenUnavailable: 'token_unavailable',
  /** The connection ended. */
  connectionLost: 'connection_lost',
  /** No receipt came in time. The message may be stored; sending it again with the same id is safe. */
  receiptTimeout: 'receipt_timeout',
  /** The client is closed. */
  closed: 'closed',
  /** A fault of the client's own; `cause` has it. */
  fault: 'client_fault',
  /** The peer does not speak the protocol. */
  badPeer: 'bad_peer',
} as const;

export interface SailfishErrorDetails {
  retryAfterMs?: number | null;
  roomId?: number | null;
  /** Whether trying to connect again cannot help. */
  final?: boolean;
  cause?: unknown;
}

/** The server refused something, or the client gave up on it. */
export class SailfishError extends Error {
  override readonly name = 'SailfishError';
  /** A stable word to decide by: the server's (docs/protocol.md, section 1) or one of {@link ClientErrors}. */
  readonly error: string;
  /** Milliseconds until trying again can succeed, where that is known. */
  readonly retryAfterMs: number | null;
  /** The room that the refusal is about, where the server said so. */
  readonly roomId: number | null;
  /** Whether trying to connect again cannot help. */
  readonly final: boolean;

  constructor(error: string, sentence: string, details: SailfishErrorDetails = {}) {
    super(`${sentence} (${error})`, details.cause === undefined ? undefined : { cause: details.cause });
    this.error = error;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.roomId = details.roomId ?? null;
    this.final = details.final ?? false;
  }
}

/** @internal */
export function connectionLost(cause?: unknown): SailfishError {
  return new SailfishError(ClientErrors.connectionLost, 'the connection was lost', { cause });
}

/** @internal Whether only the connection was lost, so that the next one may try the same again. */
export function isConnectionLost(cause: unknown): boolean {
  return cause instanceof SailfishError && cause.error === ClientErrors.connectionLost;
}
