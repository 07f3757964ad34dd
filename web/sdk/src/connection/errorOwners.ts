import type { SailfishError } from '../errors.js';
import { roomConversation } from '../wire/ids.js';

/** What an ERROR without a `clientMsgId` can be about, by its word and the room that it names (docs/protocol.md, section 1). */
const ofMessages = new Set([
  'bad_target',
  'bad_data',
  'bad_content',
  'bad_client_msg_id',
  'content_refused',
  'unknown_biz_code',
  'muted',
]);
const ofRooms = new Set(['bad_room', 'room_closed', 'too_many_rooms', 'banned']);
const ofSyncs = new Set(['bad_sync', 'forbidden', 'not_joined', 'guest']);

/** Whether it can answer a JOIN or LEAVE of the room. */
export function isOfRoom({ error, roomId: named }: SailfishError, roomId: number): boolean {
  return !ofMessages.has(error) && (named === null ? !ofSyncs.has(error) : named === roomId);
}

/** Whether it can answer a SYNC of the conversation; null for a SYNC of none or all. */
export function isOfSync({ error, roomId: named }: SailfishError, conversation: string | null): boolean {
  if (ofMessages.has(error) || ofRooms.has(error)) return false;
  return named === null || roomConversation(named) === conversation;
}

/** Whether a user to whom this is said of a room is not in it any more. */
export function endsMembership(error: string): boolean {
  return error === 'banned' || error === 'bad_room' || error === 'not_joined';
}
