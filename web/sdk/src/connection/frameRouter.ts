import type { SailfishError } from '../errors.js';
import type { Inbox } from '../receiving/inbox.js';
import type { PendingSends } from '../sending/pendingSends.js';
import type { SendPump } from '../sending/sendPump.js';
import { type Body, type Frame, FrameCode, isObject, textOf, wholeOf } from '../wire/frames.js';
import { refusalOf } from '../wire/refusals.js';
import { endsMembership } from './errorOwners.js';
import type { MessageReader } from './messageReader.js';
import type { Rooms } from './rooms.js';
import type { Session } from './session.js';
import type { SyncPlan } from './syncPlan.js';

export interface RouterParts {
  readonly inbox: Inbox;
  readonly reader: MessageReader;
  readonly pending: PendingSends;
  readonly pump: SendPump;
  readonly rooms: Rooms;
  viewersAre(roomId: number, viewers: number): void;
  failed(cause: SailfishError): void;
}

/** Takes each frame that is no answer to where it belongs. */
export class FrameRouter {
  readonly #session: Session;
  readonly #plan: SyncPlan;
  readonly #parts: RouterParts;

  constructor(session: Session, plan: SyncPlan, parts: RouterParts) {
    this.#session = session;
    this.#plan = plan;
    this.#parts = parts;
  }

  route({ code, body }: Frame): void {
    switch (code) {
      case FrameCode.message:
        this.#onMessage(body);
        break;
      case FrameCode.receipt:
        this.#onReceipt(body);
        break;
      case FrameCode.error:
        this.#onError(body);
        break;
      case FrameCode.leave:
        this.#onLeave(body);
        break;
      case FrameCode.heartbeat:
        this.#onHeartbeat(body);
        break;
    }
  }

  #onMessage(body: Body): void {
    const message = this.#parts.reader.read(body);
    if (message) this.#parts.inbox.arrive(message, 'push');
  }

  #onReceipt(body: Body): void {
    const [clientMsgId, msgId] = [textOf(body.clientMsgId), textOf(body.msgId)];
    const [conversation, seq] = [textOf(body.conversation), wholeOf(body.seq)];
    if (clientMsgId === null || msgId === null || conversation === null || seq === null) return;
    const receipt = { clientMsgId, msgId, conversation, seq, time: wholeOf(body.time) ?? 0 };
    this.#parts.inbox.receipt(receipt);
    this.#parts.pending.complete(receipt);
    this.#parts.pump.run();
  }

  #onError(body: Body): void {
    const refusal = refusalOf(body);
    const clientMsgId = textOf(body.clientMsgId);
    if (refusal.error === 'behind') this.#onBehind(textOf(body.conversation));
    else if (clientMsgId !== null) this.#onRefusedSend(clientMsgId, refusal);
    else if (!this.#session.requests.tryRefuse(refusal)) this.#onStrayError(refusal);
  }

  /** Not the answer to a request: the server says unasked that a room is over for this connection, or whatever else. */
  #onStrayError(refusal: SailfishError): void {
    const { error, roomId } = refusal;
    if (roomId !== null && error === 'room_closed') this.#parts.rooms.onClosed(roomId);
    else if (roomId !== null && endsMembership(error)) this.#parts.rooms.onLeft(roomId, error, refusal.retryAfterMs);
    else this.#parts.failed(refusal);
  }

  #onRefusedSend(clientMsgId: string, refusal: SailfishError): void {
    const pause = this.#parts.pending.refuse(clientMsgId, refusal);
    if (pause === null) this.#parts.pump.run();
    else this.#parts.pump.pause(pause);
  }

  #onBehind(conversation: string | null): void {
    if (conversation !== null && this.#parts.inbox.markBehind(conversation)) {
      this.#plan.addRepair(conversation);
      return;
    }
    this.#parts.inbox.resumePull();
    this.#plan.addPull();
  }

  #onLeave({ roomId, reason, retryAfterMs }: Body): void {
    this.#parts.rooms.onLeft(wholeOf(roomId) ?? 0, textOf(reason) ?? 'left', wholeOf(retryAfterMs));
  }

  #onHeartbeat(body: Body): void {
    for (const [room, count] of Object.entries(isObject(body.rooms) ? body.rooms : {})) {
      const [roomId, viewers] = [wholeOf(room), wholeOf(count)];
      if (roomId !== null && viewers !== null) this.#parts.viewersAre(roomId, viewers);
    }
  }
}
