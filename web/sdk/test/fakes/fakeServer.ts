import type { WebSocketConstructor } from '../../src/index.js';
import { FrameCode as Code } from '../../src/wire/frames.js';
import { FakeWebSocket } from './fakeWebSocket.js';

export interface WireMessage {
  msgId: string;
  bizCode: number;
  data: string;
  conversation: string;
  seq: number;
  time: number;
  clientMsgId?: string;
  senderId: number;
}

// biome-ignore lint/suspicious/noExplicitAny: bodies are looked into freely here.
type Json = Record<string, any>;

export const me = 10_001;
export const other = 10_002;
const appId = 77;

/** A token for a user, unsigned. */
export function tokenFor(userId: number): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256' })}.${part({ sub: String(userId), app: appId, name: 'Ünïcode 名' })}.x`;
}

/** One server for one user, as docs/protocol.md has it, with levers for what networks do. */
export class FakeServer {
  readonly sockets: FakeWebSocket[] = [];
  readonly frames: { code: number; body: Json }[] = [];
  readonly logs = new Map<string, WireMessage[]>();
  readonly acked = new Map<string, number>();
  readonly members = new Set<number>();
  readonly closedRooms = new Set<number>();
  readonly #byKey = new Map<string, WireMessage>();
  readonly #ackedIds = new Set<string>();
  #nextMsgId = 1;
  heartbeatSeconds = 30;
  /** What happens to a new connection. */
  refuse: 'no' | 'unreachable' | 'silent' | 'bad_token' = 'no';
  /** Looks at a frame before the server does; true swallows it. */
  intercept: (code: number, body: Json) => boolean = () => false;
  /** Whether a pushed message arrives. */
  delivers: (message: WireMessage) => boolean = () => true;
  /** Whether a message that does not arrive is told as skipped. */
  tellsBehind: (message: WireMessage) => boolean = () => false;
  /** Whether a receipt arrives. */
  receipts = true;
  syncLimit = 500;
  /** What a JOIN answer says of a living room. */
  roomState: Json = {};

  get WebSocket(): WebSocketConstructor {
    const server = this;
    return class extends FakeWebSocket {
      constructor(url: string, protocols?: string | string[]) {
        super(url, protocols);
        server.#connect(this);
      }
    };
  }

  get socket(): FakeWebSocket {
    return this.sockets.at(-1) as FakeWebSocket;
  }

  get online(): boolean {
    return this.socket.readyState === 1;
  }

  sent(code: number): Json[] {
    return this.frames.filter((frame) => frame.code === code).map((frame) => frame.body);
  }

  send(code: number, body: Json): void {
    this.socket.receive(JSON.stringify({ code, body }));
  }

  drop(): void {
    this.members.clear();
    this.socket.drop();
  }

  bye(reason: string, reconnect: boolean, afterMs?: number): void {
    this.send(Code.bye, { reason, reconnect, afterMs });
    this.drop();
  }

  /** Another user says something to the user. */
  say(content: string, from = other): WireMessage {
    const message = this.#append(direct(from, me), from, { content, objectId: me });
    this.push(message);
    return message;
  }

  /** Somebody says something in a room. */
  sayIn(roomId: number, content: string, from = other): WireMessage {
    const message = this.#append(`r:${roomId}`, from, { content, roomId });
    if (this.members.has(roomId)) this.push(message);
    return message;
  }

  /** The room closes, as an entry of its own log. */
  closeRoom(roomId: number): void {
    const message = this.#append(`r:${roomId}`, 0, { roomId, event: 'room_closed' });
    message.bizCode = 5570;
    this.push(message);
  }

  push(message: WireMessage): void {
    if (this.delivers(message)) this.send(Code.message, bodyOf(message));
    else if (this.tellsBehind(message))
      this.send(Code.error, { error: 'behind', message: 'skipped', conversation: message.conversation });
  }

  log(conversation: string): WireMessage[] {
    const log = this.logs.get(conversation) ?? [];
    this.logs.set(conversation, log);
    return log;
  }

  #connect(socket: FakeWebSocket): void {
    this.sockets.push(socket);
    this.members.clear();
    socket.onSend = (text) => {
      // Answers come later, as over a network.
      queueMicrotask(() => socket === this.socket && this.#take(text));
    };
    if (this.refuse === 'unreachable') setTimeout(() => socket.drop(), 5);
    else if (this.refuse !== 'silent') setTimeout(() => socket.accept(), 5);
  }

  #take(text: string): void {
    const { code, body } = JSON.parse(text) as { code: number; body: Json };
    this.frames.push({ code, body });
    if (this.intercept(code, body)) return;
    if (code === Code.login) this.#login(body);
    else if (code === Code.logout) this.#logout();
    else if (code === Code.heartbeat)
      this.send(Code.heartbeat, { rooms: Object.fromEntries([...this.members].map((id) => [id, 3])) });
    else if (code === Code.message) this.#store(body);
    else if (code === Code.ack) this.#ack(body);
    else if (code === Code.sync) this.#sync(body);
    else if (code === Code.join) this.#join(body);
    else if (code === Code.leave) this.#leave(body);
  }

  #login(body: Json): void {
    if (this.refuse === 'bad_token') this.send(Code.error, { error: 'bad_token', message: 'no' });
    else this.send(Code.login, { appId, userId: body.userId, data: 'true', heartbeatSeconds: this.heartbeatSeconds });
  }

  #logout(): void {
    this.send(Code.logout, {});
    this.socket.drop();
  }

  #store(body: Json): void {
    const data = JSON.parse(body.data) as Json;
    const conversation = data.roomId ? `r:${data.roomId}` : direct(me, data.objectId);
    const key = `${conversation} ${body.clientMsgId}`;
    const message = this.#byKey.get(key) ?? this.#append(conversation, me, data, body.clientMsgId);
    this.#byKey.set(key, message);
    const { clientMsgId, msgId, seq, time } = message;
    if (this.receipts) this.send(Code.receipt, { clientMsgId, msgId, conversation, seq, time });
  }

  #ack(body: Json): void {
    if (body.msgId) this.#ackedIds.add(body.msgId);
    else this.acked.set(body.conversation, Math.max(body.seq, this.acked.get(body.conversation) ?? 0));
  }

  #sync(body: Json): void {
    const limit = Math.min(body.limit ?? 100, this.syncLimit);
    const wanted = body.after ? this.#after(body.after) : this.#unacked();
    const messages = wanted.slice(0, limit).map(bodyOf);
    const cut = Object.entries<number>(body.after ?? {}).flatMap(([conversation, seq]) => {
      const first = this.logs.get(conversation)?.[0]?.seq ?? 1;
      return seq + 1 < first ? [[conversation, first]] : [];
    });
    const truncated = cut.length > 0 ? { truncated: true, firstSeq: Object.fromEntries(cut) } : {};
    this.send(Code.sync, { messages, more: wanted.length > limit, ...truncated });
  }

  #after(after: Record<string, number>): WireMessage[] {
    return Object.entries(after).flatMap(([conversation, seq]) => this.log(conversation).filter((m) => m.seq > seq));
  }

  #unacked(): WireMessage[] {
    return [...this.logs]
      .filter(([conversation]) => conversation.startsWith('d:'))
      .flatMap(([conversation, log]) => log.filter((m) => m.seq > (this.acked.get(conversation) ?? 0)))
      .filter((m) => m.senderId !== me && !this.#ackedIds.has(m.msgId));
  }

  #join(body: Json): void {
    const { roomId, history } = body;
    if (this.closedRooms.has(roomId)) {
      this.send(Code.error, { error: 'room_closed', message: 'closed', roomId });
      return;
    }
    this.members.add(roomId);
    const log = this.log(`r:${roomId}`);
    this.send(Code.join, { roomId, conversation: `r:${roomId}`, seq: log.length, viewers: 2, ...this.roomState });
    if (history > 0) for (const message of log.slice(-history)) this.push(message);
  }

  #leave(body: Json): void {
    this.members.delete(body.roomId);
    this.send(Code.leave, { roomId: body.roomId });
  }

  #append(conversation: string, from: number, data: Json, clientMsgId?: string): WireMessage {
    const log = this.log(conversation);
    const stamped = { ...data, userId: from, senderId: from, senderName: `u${from}`, createTime: Date.now() };
    const message: WireMessage = {
      msgId: `m${this.#nextMsgId++}`,
      bizCode: 5555,
      data: JSON.stringify(stamped),
      conversation,
      seq: (log.at(-1)?.seq ?? 0) + 1,
      time: Date.now(),
      senderId: from,
      ...(clientMsgId === undefined ? {} : { clientMsgId }),
    };
    log.push(message);
    return message;
  }
}

function bodyOf({ senderId, clientMsgId, ...message }: WireMessage): Json {
  return { appId, userId: me, ...message, ...(senderId === me ? { clientMsgId } : {}) };
}

function direct(a: number, b: number): string {
  return `d:${Math.min(a, b)}:${Math.max(a, b)}`;
}
