import type { Receipt, SailfishMessage } from '../message.js';
import { Conversation } from './conversation.js';
import { SeenIds } from './seenIds.js';

/**
 * How a message came: `push` is pushed, or the history after a JOIN; `pull` by a SYNC without `after`, which leaves own
 * messages out; `repair` by a SYNC with `after`, which has every seq.
 */
export type MessageSource = 'push' | 'pull' | 'repair';

/** What an {@link Inbox} wants done. */
export interface InboxSink {
  /** Hands a message to the application. */
  deliver(message: SailfishMessage): void;
  /** Everything of a one-to-one conversation up to `seq` was delivered. */
  ackUpTo(conversation: string, seq: number): void;
  /** One message was delivered, and what stands before it is not known. */
  ackOne(msgId: string): void;
  /** Messages of the conversation are missing and can be pulled. */
  needSync(conversation: string): void;
  /** Messages are lost. */
  gap(conversation: string, firstMissing: number, lastMissing: number): void;
}

export interface InboxLimits {
  /** How many messages may wait behind gaps. */
  held: number;
  conversations: number;
  /** How many msgIds are remembered. */
  seen: number;
}

/** Who says that a message is not lost any more: the inbox, once it is delivered, or the application, by `confirm`. */
export type AckMode = 'auto' | 'manual';

const defaultLimits: InboxLimits = { held: 1024, conversations: 10_000, seen: 8192 };

/**
 * Delivers each conversation in seq order and each message once: holds back what stands beyond a gap, asks for what is
 * missing, and says what may be acknowledged. Does no I/O; its effects go to an {@link InboxSink}.
 */
export class Inbox {
  readonly #sink: InboxSink;
  readonly #limits: InboxLimits;
  readonly #ackMode: AckMode;
  readonly #conversations = new Map<string, Conversation>();
  readonly #seen: SeenIds;
  #touches = 0;
  #held = 0;
  #pulling = false;
  #closed = false;

  constructor(sink: InboxSink, limits: Partial<InboxLimits> = {}, ackMode: AckMode = 'auto') {
    this.#sink = sink;
    this.#ackMode = ackMode;
    this.#limits = { ...defaultLimits, ...limits };
    this.#seen = new SeenIds(this.#limits.seen);
  }

  /** A connection begins, and with it a pull of the offline one-to-one messages; pushes of unknown conversations wait for its end. */
  beginPull(): void {
    this.#pulling = true;
    for (const state of this.#conversations.values()) state.lastAtConnect = state.last ?? 0;
  }

  /** Messages of a conversation that is not known yet were skipped: another pull brings them, before what is pushed meanwhile. */
  resumePull(): void {
    this.#pulling = true;
  }

  /**
   * The pull is over. When it is whole, nothing older than what is known is undelivered; when it is not, what is older may
   * wait on the server still, so that no acknowledgement may cover it.
   */
  endPull(isWhole = true): void {
    this.#pulling = false;
    for (const state of [...this.#conversations.values()]) if (!state.isRoom) this.#endPullOf(state, isWhole);
  }

  /** A message came. */
  arrive(message: SailfishMessage, source: MessageSource): void {
    if (this.#closed) return;
    if (message.conversation === null || message.seq === null) {
      this.#arriveUnnumbered(message);
      return;
    }
    const state = this.#find(message.conversation);
    if (state) this.#arrive(state, message.seq, message, source);
  }

  /** The application will not lose the message any more. */
  confirm({ msgId, conversation, seq }: SailfishMessage): void {
    if (conversation === null || seq === null || conversation.startsWith('r:')) return;
    const state = this.#conversations.get(conversation);
    state?.unconfirmed.delete(msgId);
    if (state?.solid && state.confirmed >= seq) this.#sink.ackUpTo(conversation, state.confirmed);
    else this.#sink.ackOne(msgId);
  }

  /** Takes nothing more: what came until now has had its ack, what comes stays on the server. */
  close(): void {
    this.#closed = true;
  }

  /** An own message was stored at a seq, which is no gap then. */
  receipt(receipt: Receipt): void {
    if (this.#closed) return;
    this.#seen.add(receipt.msgId);
    const state = this.#find(receipt.conversation);
    if (state) this.#arrive(state, receipt.seq, null, 'push');
  }

  /** A JOIN is under way: what the room pushes waits for its answer. */
  expectRoom(conversation: string): void {
    this.#roomOf(conversation);
  }

  /** A JOIN was answered; `history` messages up to `newest` follow. */
  joinRoom(conversation: string, newest: number, history: number): void {
    const state = this.#roomOf(conversation);
    if (newest < state.lastAtConnect) {
      this.#held -= state.held.size;
      state.restart(newest);
    }
    state.saw(newest);
    if (state.last === null) {
      state.start(Math.max(0, newest - history), false);
      state.looseUpTo = newest;
      this.#drain(state);
    } else if (state.behind) {
      this.#sink.needSync(state.name);
    }
  }

  /** The room was left. What waits for a gap is delivered, for the gap cannot be filled any more. */
  leaveRoom(conversation: string): void {
    const state = this.#conversations.get(conversation);
    if (!state) return;
    while (state.last !== null && state.held.size > 0 && this.#trySkipGap(state)) {
      // Each round delivers up to the next gap.
    }
    this.#held -= state.held.size;
    this.#conversations.delete(conversation);
  }

  /** The server skipped messages of a conversation; gives whether a SYNC of it can be asked for. */
  markBehind(conversation: string): boolean {
    const state = this.#conversations.get(conversation);
    if (state?.last == null) return false;
    state.suspect = true;
    return true;
  }

  /** The newest seq of the conversation that came by; 0 when none did. */
  newestOf(conversation: string): number {
    return this.#conversations.get(conversation)?.newest ?? 0;
  }

  /** The seq to SYNC a conversation after; null when there is nothing to ask for. */
  syncAfter(conversation: string): number | null {
    const state = this.#conversations.get(conversation);
    return state && (state.behind || state.suspect) ? state.last : null;
  }

  /** The server has nothing of the conversation before `firstSeq`. */
  truncate(conversation: string, firstSeq: number): void {
    const state = this.#find(conversation);
    if (!state || firstSeq - 1 <= (state.last ?? 0)) return;
    while (state.firstHeld < firstSeq) this.#jumpOver(state, state.firstHeld - 1);
    if (firstSeq - 1 > (state.last ?? 0)) this.#jumpOver(state, firstSeq - 1);
  }

  /** A SYNC of the conversation was answered, and there is no more; gives whether all of it is here. */
  settle(conversation: string): boolean {
    const state = this.#conversations.get(conversation);
    if (!state) return true;
    state.suspect = false;
    return !state.behind;
  }

  /** What is missing is not to be had: goes on behind it. */
  giveUp(conversation: string): void {
    const state = this.#conversations.get(conversation);
    if (!state?.behind) return;
    this.#trySkipGap(state);
    if (state.behind) this.#sink.needSync(conversation);
  }

  #endPullOf(state: Conversation, isWhole: boolean): void {
    state.openedByPull = false;
    if (state.last === null && state.oldest > 0) state.start(state.oldest - 1, isWhole);
    state.solid ||= isWhole;
    this.#drain(state);
    if (state.last !== null && state.behind) this.#sink.needSync(state.name);
  }

  #arriveUnnumbered(message: SailfishMessage): void {
    if (this.#seen.has(message.msgId)) return;
    if (message.msgId !== '') this.#seen.add(message.msgId);
    this.#sink.deliver(message);
  }

  #arrive(state: Conversation, seq: number, message: SailfishMessage | null, source: MessageSource): void {
    state.saw(seq);
    if (state.last === null && !this.#tryStart(state, seq, source)) this.#hold(state, seq, message);
    else if (seq <= (state.last ?? 0)) this.#arriveLate(state, seq, message);
    else if (seq === (state.last ?? 0) + 1 || isLoose(state, seq, source)) this.#deliverAndDrain(state, seq, message);
    else this.#holdForGap(state, seq, message, source);
  }

  #tryStart(state: Conversation, seq: number, source: MessageSource): boolean {
    if (state.isRoom || (this.#pulling && source === 'push')) return false;
    state.start(seq - 1, source === 'pull');
    state.openedByPull = source === 'pull';
    return true;
  }

  #holdForGap(state: Conversation, seq: number, message: SailfishMessage | null, source: MessageSource): void {
    this.#hold(state, seq, message);
    // The pull under way brings what pushed one-to-one messages lack; its end looks after the rest.
    if (state.isRoom || !this.#pulling || source !== 'push') this.#sink.needSync(state.name);
  }

  #hold(state: Conversation, seq: number, message: SailfishMessage | null): void {
    // What does not fit is pulled again later: its seq is known.
    if (this.#held >= this.#limits.held || state.held.has(seq)) return;
    state.held.set(seq, message);
    this.#held++;
  }

  /** At or before what was delivered: a second copy, unless it is older than this client's knowledge. */
  #arriveLate(state: Conversation, seq: number, message: SailfishMessage | null): void {
    if (message === null) return;
    if (seq <= state.floor && !this.#seen.has(message.msgId)) {
      this.#seen.add(message.msgId);
      this.#await(state, message);
      this.#sink.deliver(message);
      if (!state.isRoom && this.#ackMode === 'auto') this.#sink.ackOne(message.msgId);
    } else if (!state.isRoom) {
      this.#ack(state, message);
    }
  }

  #deliverAndDrain(state: Conversation, seq: number, message: SailfishMessage | null): void {
    this.#deliver(state, seq, message);
    this.#drain(state);
  }

  #deliver(state: Conversation, seq: number, message: SailfishMessage | null): void {
    state.last = seq;
    if (message === null) return;
    const isNew = state.isRoom || !this.#seen.has(message.msgId);
    this.#seen.add(message.msgId);
    if (isNew) this.#await(state, message);
    if (isNew) this.#sink.deliver(message);
    if (!state.isRoom) this.#ack(state, message);
  }

  /** Before it is delivered: the application may confirm it there and then. */
  #await(state: Conversation, message: SailfishMessage): void {
    if (this.#ackMode === 'manual' && !state.isRoom) state.unconfirmed.set(message.msgId, message.seq ?? 0);
  }

  #ack(state: Conversation, message: SailfishMessage): void {
    if (state.unconfirmed.has(message.msgId)) return;
    if (this.#ackMode === 'manual') this.confirm(message);
    else this.#ackDelivered(state, message);
  }

  #ackDelivered(state: Conversation, message: SailfishMessage): void {
    if (state.solid && state.last !== null) this.#sink.ackUpTo(state.name, state.last);
    else this.#sink.ackOne(message.msgId);
  }

  /** Delivers what waits and has no gap before it any more. */
  #drain(state: Conversation): void {
    while (state.last !== null && state.held.size > 0 && !this.#closed) {
      const next = state.last + 1;
      const seq = state.held.has(next) ? next : state.firstHeld;
      if (seq > next) return;
      const message = state.held.get(seq) ?? null;
      state.held.delete(seq);
      this.#held--;
      if (seq === next) this.#deliver(state, seq, message);
      else this.#arriveLate(state, seq, message);
    }
  }

  /** Goes on with the first message behind the gap; false when there is none. */
  #trySkipGap(state: Conversation): boolean {
    const before = state.last ?? 0;
    const next = state.held.size > 0 ? state.firstHeld - 1 : state.newest;
    if (next > before) {
      this.#sink.gap(state.name, before + 1, next);
      state.skip(next);
    }
    this.#drain(state);
    return (state.last ?? 0) > before;
  }

  #jumpOver(state: Conversation, last: number): void {
    this.#sink.gap(state.name, (state.last ?? 0) + 1, last);
    if (state.last === null) state.start(last, true);
    else state.last = last;
    this.#drain(state);
  }

  /** A room that was not joined is not known; a one-to-one conversation becomes known by its first message. */
  #find(name: string): Conversation | undefined {
    let state = this.#conversations.get(name);
    if (!state) {
      if (name.startsWith('r:')) return undefined;
      this.#makeRoom();
      state = new Conversation(name);
      this.#conversations.set(name, state);
    }
    state.touched = ++this.#touches;
    return state;
  }

  #roomOf(name: string): Conversation {
    const state = this.#conversations.get(name) ?? new Conversation(name);
    this.#conversations.set(name, state);
    return state;
  }

  /** Forgets the tenth of the one-to-one conversations that was quiet longest, when there are too many. */
  #makeRoom(): void {
    if (this.#conversations.size < this.#limits.conversations) return;
    const quiet = [...this.#conversations.values()]
      .filter((state) => !state.isRoom && state.held.size === 0 && !state.behind && state.unconfirmed.size === 0)
      .sort((a, b) => a.touched - b.touched)
      .slice(0, Math.max(1, Math.floor(this.#limits.conversations / 10)));
    for (const state of quiet) this.#conversations.delete(state.name);
  }
}

function isLoose(state: Conversation, seq: number, source: MessageSource): boolean {
  return seq <= state.looseUpTo || (source === 'pull' && state.openedByPull);
}
