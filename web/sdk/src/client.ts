import { History } from './connection/history.js';
import { Login } from './connection/login.js';
import { closedRoomOf, MessageReader } from './connection/messageReader.js';
import { Rooms } from './connection/rooms.js';
import type { Session } from './connection/session.js';
import { Supervisor } from './connection/supervisor.js';
import { ClientErrors, isConnectionLost, SailfishError } from './errors.js';
import type { SailfishEvents, SailfishState } from './events.js';
import type { HistoryPage, Receipt, RoomInfo, SailfishMessage } from './message.js';
import { type ResolvedOptions, resolveOptions, type SailfishClientOptions } from './options.js';
import { Inbox } from './receiving/inbox.js';
import { PendingSend, PendingSends } from './sending/pendingSends.js';
import { SendPump } from './sending/sendPump.js';
import { Deferred } from './util/deferred.js';
import { Emitter } from './util/emitter.js';
import { BizCode, maxOutboundBody, parseObject, wholeOf } from './wire/frames.js';
import { checkRoom, checkUser, directConversation, newId, roomConversation } from './wire/ids.js';
import { checkText, countCharacters } from './wire/text.js';

const maxClientMsgId = 64;
const maxHistory = 100;
const systemUser = 0;

export interface SendOptions {
  /** 1 to 64 characters: the same id of the same user is stored once in a conversation. Unless set, one is made. */
  clientMsgId?: string;
}

export interface HistoryOptions {
  /** Only what stands before this seq: a page's `from`, for the page before it. Unless set, the newest. */
  before?: number;
  /** At most so many, 1 to 100; 50 unless set. */
  limit?: number;
}

/**
 * One user's connection to a Sailfish server. It logs in, comes back by itself when the connection is lost, joins its
 * rooms again, sends again what has no receipt, pulls what was missed, and gives each conversation in order, each message
 * once. A one-to-one message is acknowledged once the handlers of `message` have returned: add them before `connect`.
 */
export class SailfishClient {
  readonly #options: ResolvedOptions;
  readonly #emitter = new Emitter<SailfishEvents>();
  readonly #stop = new AbortController();
  readonly #inbox: Inbox;
  readonly #pending: PendingSends;
  readonly #pump: SendPump;
  readonly #rooms: Rooms;
  readonly #login: Login;
  readonly #supervisor: Supervisor;
  #state: SailfishState = 'idle';
  #closing: Promise<void> | null = null;
  #run: Promise<void> = Promise.resolve();

  /** Makes a client that is not connected yet. Throws when an option is out of its range. */
  constructor(options: SailfishClientOptions) {
    this.#options = resolveOptions(options);
    this.#login = new Login(this.#options);
    this.#pending = new PendingSends(
      this.#options.maxInFlight,
      this.#options.rateLimitRetries,
      this.#options.receiptTimeoutMs,
    );
    this.#pump = new SendPump(this.#pending, () => this.#supervisor.link?.session.probe());
    this.#inbox = new Inbox(
      {
        deliver: (message) => this.#deliver(message),
        ackUpTo: (conversation, seq) => this.#supervisor.link?.session.acks.addUpTo(conversation, seq),
        ackOne: (msgId) => this.#supervisor.link?.session.acks.addOne(msgId),
        needSync: (conversation) => this.#supervisor.link?.plan.addRepair(conversation),
        gap: (conversation, firstMissing, lastMissing) =>
          this.#emitter.emit('gap', { conversation, firstMissing, lastMissing }),
      },
      {},
      this.#options.ack,
    );
    const viewersAre = (roomId: number, viewers: number) => this.#emitter.emit('viewers', { roomId, viewers });
    this.#rooms = new Rooms(this.#inbox, {
      viewersAre,
      stateIs: (roomId, state, joined) => this.#emitter.emit('roomState', { roomId, state, joined }),
      closed: (roomId) => this.#emitter.emit('roomClosed', { roomId }),
      left: (roomId, reason, retryAfterMs) => this.#emitter.emit('roomLeft', { roomId, reason, retryAfterMs }),
    });
    const failed = (cause: SailfishError) => this.#emitter.emit('error', cause);
    this.#supervisor = new Supervisor(
      this.#options,
      this.#login,
      {
        inbox: this.#inbox,
        reader: new MessageReader(() => this.#login.userId, this.#pending, this.#inbox, this.#rooms),
        pending: this.#pending,
        pump: this.#pump,
        rooms: this.#rooms,
        viewersAre,
        failed,
      },
      {
        stateIs: (state, reason) => this.#stateIs(state, reason),
        failed,
        doubt: (isInDoubt) => this.#emitter.emit('doubt', { isInDoubt }),
      },
    );
  }

  /** What the client is doing now. */
  get state(): SailfishState {
    return this.#state;
  }

  /** Who the tokens are for; null before the first. */
  get userId(): number | null {
    return this.#login.userId;
  }

  /** How many sent messages have no receipt so far. */
  get pendingCount(): number {
    return this.#pending.size;
  }

  /** Calls the handler on each event of that name, until the function it returns is called. */
  on<K extends keyof SailfishEvents>(name: K, handler: (event: SailfishEvents[K]) => void): () => void {
    return this.#emitter.on(name, handler);
  }

  /**
   * Connects and logs in. Resolves once the client is online; from then on it stays connected by itself.
   * Rejects with `bad_token` when the server refuses the token; with `unreachable`, `token_unavailable` or a word of the
   * server's only where `retryFirstConnect` is off. The client may connect again after a rejection.
   */
  async connect(): Promise<void> {
    if (this.#state !== 'idle') throw new Error(`The client is ${this.#state}; it connects once.`);
    this.#stateIs('connecting', null);
    let session: Session;
    try {
      session = await this.#supervisor.openFirst(this.#stop.signal);
    } catch (cause) {
      this.#stateIs('idle', cause instanceof SailfishError ? cause.error : null);
      throw cause;
    }
    this.#run = this.#runFrom(session);
    await this.#supervisor.online.wait();
  }

  /**
   * With `ack: 'manual'`: the application has the message where it is not lost any more, and the server need not keep it
   * for this user. Void for messages of rooms, which nobody acknowledges, and without a connection: it comes again then.
   */
  ack(message: SailfishMessage): void {
    this.#inbox.confirm(message);
    if (this.#supervisor.link?.plan.unpark()) this.#inbox.resumePull();
  }

  /** Logs out and closes for good. Sends without a receipt reject with `closed`. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /**
   * The network is back, or the page is in view: tries to connect at once, in place of a pause or of an attempt that may hang
   * on what is dead, and finds out within seconds whether a connection that seems to be there still lives.
   */
  wake(): void {
    this.#supervisor.wake();
  }

  /**
   * Sends a chat message to a user and gives its receipt, once it is durably stored. Rejects with the server's word when
   * it is refused, else with `receipt_timeout` or `closed`. Without a connection it waits for the next. Calls that follow
   * one another are sent in their order.
   */
  async send(toUser: number, content: string, options: SendOptions = {}): Promise<Receipt> {
    checkUser(toUser);
    checkText(content, 'content');
    const self = this.#login.userId;
    if (toUser === self) throw new RangeError('That is the user itself; a message goes to another.');
    const conversation = self === null ? null : directConversation(toUser, self);
    return await this.#say(BizCode.chat, { content, objectId: toUser }, conversation, options);
  }

  /** Sends a chat message to a room that was joined; as of {@link send}, and `not_joined` when it was not. */
  async sendToRoom(roomId: number, content: string, options: SendOptions = {}): Promise<Receipt> {
    checkRoom(roomId);
    checkText(content, 'content');
    return await this.#say(BizCode.chat, { content, roomId }, roomConversation(roomId), options);
  }

  /** Sends a message of any kind: `bizCode` says which of the server's handlers takes `data`. As of {@link send}. */
  async sendData(
    bizCode: number,
    data: Readonly<Record<string, unknown>>,
    options: SendOptions = {},
  ): Promise<Receipt> {
    return await this.#say(bizCode, data, null, options);
  }

  /**
   * Joins a room, with up to 100 of its newest messages. After a reconnect the client joins it again by itself and pulls
   * what it missed. Rejects with `room_closed`, `too_many_rooms`, `banned`, `bad_room` or `closed`.
   */
  async join(roomId: number, options: { history?: number } = {}): Promise<RoomInfo> {
    checkRoom(roomId);
    const history = options.history ?? 0;
    if (wholeOf(history) === null || history < 0 || history > maxHistory) throw new RangeError('history is 0 to 100.');
    return await this.#call((session) => this.#rooms.join(session, roomId, history));
  }

  /** Leaves a room, joined or not. */
  async leave(roomId: number): Promise<void> {
    checkRoom(roomId);
    await this.#call((session) => this.#rooms.leave(session, roomId));
  }

  /**
   * Reads what was said with a user, own messages too: the newest, or what stands before a seq. For showing only: nothing of
   * it is raised as `message`, and nothing is acknowledged. User 0 is the system.
   */
  async history(user: number, options: HistoryOptions = {}): Promise<HistoryPage> {
    if (user !== systemUser) checkUser(user);
    const { before, limit = 50 } = options;
    if (wholeOf(limit) === null || limit < 1 || limit > maxHistory) throw new RangeError('limit is 1 to 100.');
    if (before !== undefined && (wholeOf(before) === null || before < 1)) throw new RangeError('before is a seq.');
    return await this.#call((session) => {
      const conversation = directConversation(user, this.#login.userId ?? systemUser);
      const history = new History(session, conversation, limit);
      return before === undefined ? history.newest(this.#inbox.newestOf(conversation)) : history.before(before);
    });
  }

  /**
   * Resolves once everything that the server had for this user when it was called was delivered: the one-to-one messages
   * that waited at login, and the history of the rooms joined.
   */
  async catchUp(): Promise<void> {
    await this.#call((session) => session.catchUp());
  }

  async #runFrom(session: Session): Promise<void> {
    try {
      this.#finish(await this.#supervisor.run(session, this.#stop.signal));
    } catch (fault) {
      if (this.#stop.signal.aborted) this.#finish(ClientErrors.closed);
      else this.#finish(ClientErrors.fault, fault);
    }
  }

  async #close(): Promise<void> {
    this.#inbox.close();
    await this.#supervisor.online.current?.logout();
    this.#stop.abort(closedError(ClientErrors.closed));
    await this.#run;
    this.#finish(ClientErrors.closed);
  }

  #finish(reason: string, fault?: unknown): void {
    if (!this.#stateIs('closed', reason)) return;
    const cause = closedError(reason, fault);
    this.#inbox.close();
    this.#supervisor.online.close(cause);
    this.#pending.failAll(cause);
    if (fault !== undefined)
      this.#emitter.emit('error', new SailfishError(ClientErrors.fault, 'a fault', { cause: fault }));
  }

  /** Moves to a state; false when the client is in it or closed already. */
  #stateIs(state: SailfishState, reason: string | null): boolean {
    if (this.#state === state || this.#state === 'closed') return false;
    this.#state = state;
    this.#emitter.emit('state', { state, reason });
    return true;
  }

  #deliver(message: SailfishMessage): void {
    const closed = message.bizCode === BizCode.roomEvent ? closedRoomOf(message) : null;
    if (closed !== null) {
      // The inbox is in the midst of this conversation, which leaving takes away.
      queueMicrotask(() => this.#rooms.onClosed(closed));
      return;
    }
    const likes = message.bizCode === BizCode.likes ? wholeOf(parseObject(message.data)?.likes) : null;
    if (likes !== null && message.roomId !== null) this.#emitter.emit('likes', { roomId: message.roomId, likes });
    else this.#emitter.emit('message', message);
  }

  /** `conversation` is where it is said; null where only the server's handler knows. */
  async #say(
    bizCode: number,
    data: Readonly<Record<string, unknown>>,
    conversation: string | null,
    options: SendOptions,
  ): Promise<Receipt> {
    const clientMsgId = options.clientMsgId ?? newId();
    if (clientMsgId.length < 1 || countCharacters(clientMsgId) > maxClientMsgId)
      throw new RangeError('A client message id is 1 to 64 characters.');
    checkText(clientMsgId, 'clientMsgId');
    const body = { bizCode, data: JSON.stringify(data), clientMsgId };
    const bytes = new TextEncoder().encode(JSON.stringify(body)).length;
    if (bytes > maxOutboundBody)
      throw new RangeError(`The message has ${bytes} bytes; at most ${maxOutboundBody} can be sent.`);
    return await this.#sendPending(new PendingSend(clientMsgId, body, conversation));
  }

  async #sendPending(send: PendingSend): Promise<Receipt> {
    if (this.#state === 'closed') throw closedError('send');
    this.#pending.add(send);
    this.#pump.run();
    const late = new Deferred<never>();
    const timer = this.#receiptTimer(late);
    try {
      return await Promise.race([send.result.promise, late.promise]);
    } finally {
      clearTimeout(timer);
      // It leaves a place in the window.
      if (this.#pending.forget(send)) this.#pump.run();
    }
  }

  #receiptTimer(late: Deferred<never>): ReturnType<typeof setTimeout> | undefined {
    const limit = this.#options.receiptTimeoutMs;
    if (!Number.isFinite(limit)) return undefined;
    return setTimeout(
      () => late.reject(new SailfishError(ClientErrors.receiptTimeout, 'no receipt came in time')),
      limit,
    );
  }

  /** Asks over the connection there is, and over the next when that one breaks. */
  async #call<T>(call: (session: Session) => Promise<T>): Promise<T> {
    for (;;) {
      const session = await this.#supervisor.online.wait();
      try {
        return await call(session);
      } catch (cause) {
        if (!isConnectionLost(cause)) throw cause;
        this.#supervisor.online.reset(session);
      }
    }
  }
}

function closedError(reason: string, cause?: unknown): SailfishError {
  return new SailfishError(ClientErrors.closed, `the client is closed: ${reason}`, { cause });
}
