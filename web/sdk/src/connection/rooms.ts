import { connectionLost, isConnectionLost, SailfishError } from '../errors.js';
import type { RoomInfo } from '../message.js';
import type { Inbox } from '../receiving/inbox.js';
import { sleep } from '../util/sleep.js';
import { type Body, FrameCode, textOf, wholeOf } from '../wire/frames.js';
import { roomConversation } from '../wire/ids.js';
import { isOfRoom } from './errorOwners.js';
import type { Request } from './requests.js';
import type { Session } from './session.js';

const refusedDelayMs = 1000;

export interface RoomEvents {
  closed(roomId: number): void;
  left(roomId: number, reason: string, retryAfterMs: number | null): void;
}

/** The rooms that were joined, and are joined again on each new connection. */
export class Rooms {
  readonly #inbox: Inbox;
  readonly #events: RoomEvents;
  readonly #joined = new Set<number>();

  constructor(inbox: Inbox, events: RoomEvents) {
    this.#inbox = inbox;
    this.#events = events;
  }

  async join(session: Session, roomId: number, history: number): Promise<RoomInfo> {
    const conversation = roomConversation(roomId);
    this.#inbox.expectRoom(conversation);
    try {
      const reply = await session.requests.call(this.#joinRequest(roomId, history));
      return { roomId, conversation, seq: wholeOf(reply.seq) ?? 0, viewers: wholeOf(reply.viewers) ?? 0 };
    } catch (cause) {
      if (!this.#joined.has(roomId) && !isConnectionLost(cause)) this.#inbox.leaveRoom(conversation);
      throw cause;
    }
  }

  async leave(session: Session, roomId: number): Promise<void> {
    await session.requests.call({
      code: FrameCode.leave,
      body: { roomId },
      accepts: (reply) => textOf(reply.reason) === null && wholeOf(reply.roomId) === roomId,
      refusedBy: (refusal) => isOfRoom(refusal, roomId),
      onReply: () => this.#forget(roomId),
    });
  }

  /** Joins again what was joined before; what cannot be joined any more is told and forgotten. */
  async rejoin(session: Session): Promise<void> {
    for (const roomId of [...this.#joined]) await this.#rejoinOne(session, roomId);
  }

  onClosed(roomId: number): void {
    if (this.#forget(roomId)) this.#events.closed(roomId);
  }

  onLeft(roomId: number, reason: string, retryAfterMs: number | null): void {
    if (this.#forget(roomId)) this.#events.left(roomId, reason, retryAfterMs);
  }

  async #rejoinOne(session: Session, roomId: number): Promise<void> {
    while (this.#joined.has(roomId)) {
      try {
        await session.requests.call(this.#joinRequest(roomId, 0));
        return;
      } catch (cause) {
        if (!(cause instanceof SailfishError) || isConnectionLost(cause)) throw cause;
        await this.#onRejoinRefused(session, roomId, cause);
      }
    }
  }

  async #onRejoinRefused(session: Session, roomId: number, cause: SailfishError): Promise<void> {
    if (cause.error === 'rate_limited' || cause.error === 'internal')
      await sleep(Math.max(1, cause.retryAfterMs ?? refusedDelayMs), session.signal);
    else if (cause.error === 'room_closed') this.onClosed(roomId);
    else this.onLeft(roomId, cause.error, cause.retryAfterMs);
    if (session.signal.aborted) throw connectionLost();
  }

  #joinRequest(roomId: number, history: number): Request {
    return {
      code: FrameCode.join,
      body: { roomId, history },
      accepts: (reply) => wholeOf(reply.roomId) === roomId,
      refusedBy: (refusal) => isOfRoom(refusal, roomId),
      onReply: (reply) => this.#onJoined(roomId, history, reply),
    };
  }

  #onJoined(roomId: number, history: number, reply: Body): void {
    this.#joined.add(roomId);
    this.#inbox.joinRoom(roomConversation(roomId), wholeOf(reply.seq) ?? 0, history);
  }

  #forget(roomId: number): boolean {
    this.#inbox.leaveRoom(roomConversation(roomId));
    return this.#joined.delete(roomId);
  }
}
