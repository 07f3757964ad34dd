import type { RoomState } from './roomState.js';

/** A message that arrived. */
export interface SailfishMessage {
  /** The message's name, the same in every copy of it. */
  readonly msgId: string;
  /** What it is for; 5555 is chat. */
  readonly bizCode: number;
  /** `d:{low}:{high}` or `r:{room}`; null for a message that the server does not store. */
  readonly conversation: string | null;
  /** The position in the conversation: 1, 2, 3…; null for a message that the server does not store. */
  readonly seq: number | null;
  /** When the server took it, in milliseconds since 1970; null when the server did not say. */
  readonly time: number | null;
  /** Who sent it; 0 is the system. The user itself, when another of its connections sent it. */
  readonly senderId: number;
  readonly senderName: string | null;
  readonly senderAvatar: string | null;
  /** The room that it was said in; null for one-to-one messages. */
  readonly roomId: number | null;
  /** The user that it was sent to; null for room messages. */
  readonly objectId: number | null;
  /** The text; null when `data` has none. */
  readonly content: string | null;
  /** Everything that was sent, as a string that holds JSON. */
  readonly data: string;
  /** The sender's own name for it; the server gives it back to the sender only. */
  readonly clientMsgId: string | null;
}

/** The server's word that a message is durably stored. */
export interface Receipt {
  readonly clientMsgId: string;
  readonly msgId: string;
  readonly conversation: string;
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** How a room stood when it was joined. */
export interface RoomInfo {
  readonly roomId: number;
  readonly conversation: string;
  /** The newest seq. */
  readonly seq: number;
  readonly viewers: number;
  /** How a living room is, with the option `roomState`; else null. */
  readonly state: RoomState | null;
  /** Where this user may see a living room's stream, likewise: a path; empty while there is none. */
  readonly streamUrl: string;
}

/** Some of a conversation's stored messages, oldest first. */
export interface HistoryPage {
  readonly messages: readonly SailfishMessage[];
  /** The seq that the page begins with: what stands before it is asked for with it. */
  readonly from: number;
  /** Whether the server has older ones. */
  readonly more: boolean;
}
