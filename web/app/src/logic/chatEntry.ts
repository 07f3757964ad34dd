import type { SailfishMessage } from '@sailfish/sdk';
import type { Entry, NewEntry } from './messageList';

/** A stored message as a list takes it. */
export function entryOf(message: SailfishMessage, self: number | undefined): NewEntry {
  return {
    msgId: message.msgId,
    clientMsgId: message.clientMsgId,
    seq: message.seq,
    time: message.time ?? Date.now(),
    senderId: message.senderId,
    name: message.senderName ?? `${message.senderId}`,
    avatar: message.senderAvatar,
    content: message.content ?? '',
    own: message.senderId === self,
    status: 'sent',
  };
}

/** Somebody who has said nothing, where one is asked for who said something. */
export function entryOfSilent(senderId: number, name: string, avatar: string | null): Entry {
  return {
    key: `${senderId}`,
    msgId: null,
    clientMsgId: null,
    seq: null,
    time: 0,
    senderId,
    name,
    avatar,
    content: '',
    own: false,
    status: 'sent',
    error: null,
    retryAfterMs: null,
  };
}
