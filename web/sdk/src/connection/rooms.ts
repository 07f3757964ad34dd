import { connectionLost, isConnectionLost, SailfishError } from '../errors.js';
import type { RoomInfo } from '../message.js';
import type { Inbox } from '../receiving/inbox.js';
import type { RoomState } from '../roomState.js';
import { sleep } from '../util/sleep.js';
import { type Body, FrameCode, textOf, wholeOf } from '../wire/frames.js';
import { roomConversation } from '../wire/ids.js';
import { changed, joinedOf, stateOf } from '../wire/state.js';
import { isOfRoom } from './errorOwners.js';
import type { Request } from './requests.js';
import type { Session } from './session.js';

const refusedDelayMs = 1000;

export interface RoomEvents {
  closed(roomId: number): void;
  left(roomId: number, reason: string, retryAfterMs: number | null): void;
  stateIs(roomId: number, state: RoomState, joined: readonly string[]): void;
  viewersAre(roomId: number, viewers: number): void;
}

/** The rooms that were joined, and are joined again on each new connection. */
export class Rooms {
  readonly #inbox: Inbox;
  readonly #events: RoomEvents;
  readonly #joined = new Set<number>();
  /** Of joined rooms that tell it. */
  readonly #states = new Map<number, RoomState>();

  constructor(inbox: Inbox, events: RoomEvents) {
    this.#inbox = inbox;
    this.#events = events;
  }

  async join(session: Session, roomId: number, history: number): Promise<RoomInfo> {
    const conversation = roomConversation(roomId);
    this.#inbox.expectRoom(conversation);
    try {
      const reply = await session.requests.call(this.#joinRequest(roomId, history));
      const [seq, viewers] = [wholeOf(reply.seq) ?? 0, wholeOf(reply.viewers) ?? 0];
      return { roomId, conversation, seq, viewers, state: stateOf(reply), streamUrl: textOf(reply.streamUrl) ?? '' };
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

  /** A room told what has changed of it. */
  onState(change: Body): void {
    const roomId = wholeOf(change.roomId);
    const known = roomId === null ? undefined : this.#states.get(roomId);
    // Without the whole, which the join brought, there is nothing that it changes.
    if (roomId === null || !known) return;
    this.#tell(roomId, changed(known, change), joinedOf(change));
    const viewers = wholeOf(change.viewers);
    if (viewers !== null) this.#events.viewersAre(roomId, viewers);
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
    const state = stateOf(reply);
    if (state) this.#tell(roomId, state, []);
  }

  #tell(roomId: number, state: RoomState, joined: readonly string[]): void {
    this.#states.set(roomId, state);
    this.#events.stateIs(roomId, state, joined);
  }

  #forget(roomId: number): boolean {
    this.#inbox.leaveRoom(roomConversation(roomId));
    this.#states.delete(roomId);
    return this.#joined.delete(roomId);
  }
}
