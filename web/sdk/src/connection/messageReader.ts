import type { Receipt, SailfishMessage } from '../message.js';
import type { Inbox } from '../receiving/inbox.js';
import type { PendingSends } from '../sending/pendingSends.js';
import { BizCode, type Body, parseObject, textOf, wholeOf } from '../wire/frames.js';
import type { Rooms } from './rooms.js';

/** Makes messages for the application out of bodies, and takes out what is not for it. */
export class MessageReader {
  readonly #userId: () => number | null;
  readonly #pending: PendingSends;
  readonly #inbox: Inbox;
  readonly #rooms: Rooms;

  constructor(userId: () => number | null, pending: PendingSends, inbox: Inbox, rooms: Rooms) {
    this.#userId = userId;
    this.#pending = pending;
    this.#inbox = inbox;
    this.#rooms = rooms;
  }

  /** The message; null when it was for the client itself. */
  read(body: Body): SailfishMessage | null {
    const data = dataOf(body);
    const message = messageOf(body, data);
    const closed = closedRoomOf(message, data);
    // A stored close comes in its turn, behind what was said before it.
    if (closed !== null && message.seq === null) {
      this.#rooms.onClosed(closed);
      return null;
    }
    if (message.bizCode === BizCode.roomState && message.seq === null) {
      this.#rooms.onState(data);
      return null;
    }
    return message.senderId === this.#userId() && this.#isOwnReceipt(message) ? null : message;
  }

  /** An own message whose receipt was lost with the connection: it is the receipt. */
  #isOwnReceipt({ clientMsgId, msgId, conversation, seq, time }: SailfishMessage): boolean {
    if (clientMsgId === null || msgId === '' || conversation === null || seq === null) return false;
    const receipt: Receipt = { clientMsgId, msgId, conversation, seq, time: time ?? 0 };
    if (!this.#pending.complete(receipt)) return false;
    this.#inbox.receipt(receipt);
    return true;
  }
}

/** The room that the message says is closed; null when it says something else. */
export function closedRoomOf(message: SailfishMessage, data = parseObject(message.data)): number | null {
  return message.bizCode === BizCode.roomEvent && data?.event === 'room_closed' ? message.roomId : null;
}

/** The message that a body holds. */
export function messageOf(body: Body, data: Body = dataOf(body)): SailfishMessage {
  return {
    msgId: textOf(body.msgId) ?? '',
    bizCode: wholeOf(body.bizCode) ?? 0,
    conversation: textOf(body.conversation),
    seq: wholeOf(body.seq),
    time: wholeOf(body.time) ?? wholeOf(data.createTime),
    senderId: wholeOf(data.senderId) ?? wholeOf(data.userId) ?? 0,
    senderName: textOf(data.senderName),
    senderAvatar: textOf(data.senderAvatar),
    roomId: wholeOf(data.roomId),
    objectId: wholeOf(data.objectId),
    content: textOf(data.content),
    data: textOf(body.data) ?? '',
    clientMsgId: textOf(body.clientMsgId),
  };
}

function dataOf(body: Body): Body {
  return parseObject(textOf(body.data) ?? '') ?? {};
}
