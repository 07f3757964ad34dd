import type { SailfishError } from './errors.js';
import type { SailfishMessage } from './message.js';
import type { RoomState } from './roomState.js';

/** What a client is doing. `closed` is for good. */
export type SailfishState = 'idle' | 'connecting' | 'online' | 'reconnecting' | 'closed';

/** The events of a {@link SailfishClient}, by name. */
export interface SailfishEvents {
  /** A message came: each conversation in order, each message once. */
  message: SailfishMessage;
  /** The state changed; `reason` is a stable word: the server's, or one of `ClientErrors`. */
  state: { readonly state: SailfishState; readonly reason: string | null };
  /**
   * Whether the connection that seems to be there gives no sign of life, though it was asked for one: by `wake()`, or because
   * a receipt is long in coming. It ends when the server is heard of again, by that connection or by the next.
   */
  doubt: { readonly isInDoubt: boolean };
  /** A joined room was closed; the client has left it. */
  roomClosed: { readonly roomId: number };
  /**
   * The server took the user out of a room, or did not let it in again after a reconnect; `retryAfterMs` is for how long,
   * where the server said so.
   */
  roomLeft: { readonly roomId: number; readonly reason: string; readonly retryAfterMs: number | null };
  /** How many users are in a joined room; told with each heartbeat, changed or not, and with the state of a living room. */
  viewers: { readonly roomId: number; readonly viewers: number };
  /**
   * How a joined living room is, all of it: with each join and when it changed, where the option `roomState` is on.
   * `joined` has the names of some who came meanwhile, at most three.
   */
  roomState: { readonly roomId: number; readonly state: RoomState; readonly joined: readonly string[] };
  /** How many likes a joined room has. */
  likes: { readonly roomId: number; readonly likes: number };
  /** Messages are lost: older than the server keeps, or not to be had from it. What exists is delivered. */
  gap: { readonly conversation: string; readonly firstMissing: number; readonly lastMissing: number };
  /** Something failed that nobody waits for: an attempt to connect, or a refusal that belongs to no call. */
  error: SailfishError;
}
