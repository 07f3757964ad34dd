import { ClientErrors, SailfishError } from '../errors.js';
import { type Body, isObject, wholeOf } from './frames.js';

/** What a SYNC is answered with. */
export interface SyncReply {
  readonly messages: readonly Body[];
  readonly more: boolean;
  /** By conversation, the first seq that the server still has, where it has not all that was asked for. */
  readonly firstSeq: ReadonlyMap<string, number>;
}

/** Reads a reply. One without its messages must not pass for an empty one: throws what ends the connection. */
export function readSyncReply(body: Body): SyncReply {
  if (!Array.isArray(body.messages) || !body.messages.every(isObject))
    throw new SailfishError(ClientErrors.badPeer, 'the server sent a SYNC reply without messages');
  const firstSeq = Object.entries(isObject(body.firstSeq) ? body.firstSeq : {});
  return {
    messages: body.messages,
    more: body.more === true,
    firstSeq: new Map(firstSeq.map(([conversation, seq]) => [conversation, wholeOf(seq) ?? 0])),
  };
}
