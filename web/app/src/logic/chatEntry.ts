import type { SailfishMessage } from '@sailfish/sdk';
import type { NewEntry } from './messageList';

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
