import type { Receipt, SailfishMessage } from '@sailfish/sdk';
import { entryOf } from './chatEntry';
import { type Entry, MessageList } from './messageList';

const maxConversations = 50;
/** How many messages of a conversation are kept while the page is open, and how many over its end. */
const maxMessages = 1000;
const maxSaved = 100;
const maxRemoved = 200;

/** A one-to-one conversation as the list shows it. */
export interface ConversationHead {
  readonly peer: number;
  /** The other's name as last seen; null while only the id is known. */
  readonly name: string | null;
  readonly avatar: string | null;
  readonly unread: number;
  /** When something happened last. */
  readonly time: number;
  readonly last: { readonly content: string; readonly own: boolean; readonly status: Entry['status'] } | null;
}

interface Conversation {
  readonly peer: number;
  name: string | null;
  avatar: string | null;
  /** Everything up to this seq was read. It only grows, so that tabs agree in whatever order they hear of each other. */
  readSeq: number;
  time: number;
  list: MessageList;
}

/** A conversation that was taken off the list: only what is newer brings it back, in whichever tab. */
interface Removed {
  readonly peer: number;
  /** The newest message that was there; 0 for none. */
  readonly seq: number;
  readonly time: number;
}

interface Own {
  readonly clientMsgId: string;
  readonly content: string;
  readonly time: number;
  readonly senderId: number;
  readonly name: string;
  readonly avatar: string;
}

interface SavedConversation {
  readonly peer: number;
  readonly name: string | null;
  readonly avatar: string | null;
  readonly readSeq?: number;
  /** Of a book that was saved before it knew up to where it was read. */
  readonly unread?: number;
  readonly time: number;
  readonly entries: readonly Entry[];
}

interface SavedBook {
  readonly conversations: readonly SavedConversation[];
  readonly removed: readonly Removed[];
}

/** One user's one-to-one conversations, as they are kept in the browser. */
export class ConversationBook {
  readonly #byPeer = new Map<number, Conversation>();
  readonly #removed = new Map<number, Removed>();

  /** The heads, the newest first. */
  get conversations(): readonly ConversationHead[] {
    return [...this.#byPeer.values()].map(headOf).sort((a, b) => b.time - a.time);
  }

  entries(peer: number): readonly Entry[] {
    return this.#byPeer.get(peer)?.list.entries ?? [];
  }

  begin(peer: number, time: number, who?: { readonly name: string; readonly avatar: string | null }): void {
    const conversation = this.#of(peer, time);
    conversation.name = who?.name ?? conversation.name;
    conversation.avatar = who?.avatar ?? conversation.avatar;
  }

  /** Takes a conversation off the list, and remembers that it did. */
  remove(peer: number, now: number): void {
    const conversation = this.#byPeer.get(peer);
    if (!conversation) return;
    this.#byPeer.delete(peer);
    this.#markRemoved({ peer, seq: newestSeq(conversation.list.entries), time: Math.max(now, conversation.time) });
  }

  /** A message came; `inView` is whose conversation the reader looks at. */
  receive(message: SailfishMessage, self: number, inView: number | null): void {
    const peer = message.senderId === self ? message.objectId : message.senderId;
    if (peer === null || peer === self) return;
    const isNews = message.senderId !== self && peer !== inView;
    const entry = { ...entryOf(message, self), ...(isNews ? { news: true } : {}) };
    if (!this.#byPeer.has(peer) && (entry.seq ?? 0) <= (this.#removed.get(peer)?.seq ?? -1)) return;
    const conversation = this.#of(peer, entry.time);
    if (!conversation.list.add(entry)) return;
    conversation.time = Math.max(conversation.time, entry.time);
    if (entry.own) return;
    conversation.name = message.senderName ?? conversation.name;
    conversation.avatar = message.senderAvatar ?? conversation.avatar;
    if (!isNews) conversation.readSeq = Math.max(conversation.readSeq, entry.seq ?? 0);
  }

  /** Stored messages that were said before, and are not news: from here or elsewhere, read or not. */
  takeHistory(peer: number, messages: readonly SailfishMessage[], self: number): void {
    const conversation = this.#byPeer.get(peer);
    if (!conversation) return;
    for (const message of messages) if (message.content !== null) conversation.list.add(entryOf(message, self));
    const newest = messages.findLast((message) => message.senderId === peer);
    conversation.name ??= newest?.senderName ?? null;
    conversation.avatar ??= newest?.senderAvatar ?? null;
  }

  /** Whether there is no place for earlier messages. */
  isFull(peer: number): boolean {
    return (this.#byPeer.get(peer)?.list.entries.length ?? 0) >= maxMessages;
  }

  addOwn(peer: number, own: Own): void {
    const conversation = this.#of(peer, own.time);
    conversation.time = own.time;
    conversation.list.add({ ...own, msgId: null, seq: null, own: true, status: 'sending' });
  }

  sending(peer: number, clientMsgId: string): void {
    this.#byPeer.get(peer)?.list.sending(clientMsgId);
  }

  stored(peer: number, clientMsgId: string, receipt: Receipt): void {
    this.#byPeer.get(peer)?.list.stored(clientMsgId, receipt);
  }

  failed(peer: number, clientMsgId: string, error: string, retryAfterMs: number | null): void {
    this.#byPeer.get(peer)?.list.failed(clientMsgId, error, retryAfterMs);
  }

  discard(peer: number, clientMsgId: string): void {
    this.#byPeer.get(peer)?.list.discard(clientMsgId);
  }

  /** Whether there was something unread. */
  markRead(peer: number): boolean {
    const conversation = this.#byPeer.get(peer);
    if (!conversation || unreadOf(conversation) === 0) return false;
    conversation.readSeq = Math.max(conversation.readSeq, newestSeq(conversation.list.entries));
    return true;
  }

  /** Takes over what another tab of the same user has: it got the same messages, and may have read or removed more. */
  merge(other: ConversationBook): void {
    for (const removed of other.#removed.values()) this.#markRemoved(removed);
    for (const theirs of other.#byPeer.values()) {
      const mine = this.#byPeer.get(theirs.peer);
      if (mine) mergeInto(mine, theirs);
      else this.#byPeer.set(theirs.peer, theirs);
    }
    for (const conversation of [...this.#byPeer.values()])
      if (this.#isRemoved(conversation)) this.#byPeer.delete(conversation.peer);
  }

  toJSON(): SavedBook {
    const conversations = [...this.#byPeer.values()];
    return {
      conversations: conversations.map(({ list, ...head }) => ({ ...head, entries: list.entries.slice(-maxSaved) })),
      removed: [...this.#removed.values()],
    };
  }

  /** Takes up what was saved. */
  restore(saved: SavedBook): void {
    for (const { entries, unread = 0, ...head } of saved.conversations) {
      const kept = entries.map(interrupted).map((entry, i) => (i >= entries.length - unread ? asNews(entry) : entry));
      this.#byPeer.set(head.peer, { readSeq: 0, ...head, list: new MessageList(maxMessages, kept) });
    }
    for (const removed of saved.removed) this.#markRemoved(removed);
  }

  #of(peer: number, time: number): Conversation {
    let conversation = this.#byPeer.get(peer);
    if (!conversation) {
      const removed = this.#removed.get(peer) ?? { seq: 0, time: 0 };
      const [readSeq, since] = [removed.seq, Math.max(time, removed.time + 1)];
      conversation = { peer, name: null, avatar: null, readSeq, time: since, list: new MessageList(maxMessages) };
      this.#byPeer.set(peer, conversation);
      this.#forgetOldest();
    }
    return conversation;
  }

  #isRemoved({ peer, time, list }: Conversation): boolean {
    const removed = this.#removed.get(peer);
    return removed !== undefined && time <= removed.time && newestSeq(list.entries) <= removed.seq;
  }

  #markRemoved({ peer, seq, time }: Removed): void {
    const known = this.#removed.get(peer) ?? { seq: 0, time: 0 };
    this.#removed.delete(peer);
    this.#removed.set(peer, { peer, seq: Math.max(seq, known.seq), time: Math.max(time, known.time) });
    for (const oldest of this.#removed.keys()) {
      if (this.#removed.size <= maxRemoved) return;
      this.#removed.delete(oldest);
    }
  }

  #forgetOldest(): void {
    if (this.#byPeer.size <= maxConversations) return;
    const oldest = [...this.#byPeer.values()].reduce((a, b) => (b.time < a.time ? b : a));
    this.#byPeer.delete(oldest.peer);
  }
}

/** The book that a text holds; an empty one when the text is not one. */
export function parseBook(text: string | null): ConversationBook {
  const book = new ConversationBook();
  try {
    const saved = JSON.parse(text ?? '[]') as SavedBook | readonly SavedConversation[];
    book.restore('conversations' in saved ? saved : { conversations: saved, removed: [] });
    return book;
  } catch {
    return new ConversationBook();
  }
}

/** What was under way when the page closed may be sent again: its id is the same. */
function interrupted(entry: Entry): Entry {
  return entry.status === 'sending' ? { ...entry, status: 'failed', error: 'receipt_timeout' } : entry;
}

function asNews(entry: Entry): Entry {
  return entry.own ? entry : { ...entry, news: true };
}

function mergeInto(mine: Conversation, theirs: Conversation): void {
  for (const entry of theirs.list.entries) if (entry.status === 'sent') mine.list.add(entry);
  mine.name = theirs.name ?? mine.name;
  mine.avatar = theirs.avatar ?? mine.avatar;
  mine.time = Math.max(mine.time, theirs.time);
  mine.readSeq = Math.max(mine.readSeq, theirs.readSeq);
}

function unreadOf({ list, readSeq }: Conversation): number {
  return list.entries.filter((entry) => entry.news && (entry.seq ?? 0) > readSeq).length;
}

/** The newest seq of what is stored; 0 for none. */
function newestSeq(entries: readonly Entry[]): number {
  return entries.reduce((newest, entry) => Math.max(newest, entry.seq ?? 0), 0);
}

function headOf(conversation: Conversation): ConversationHead {
  const { peer, name, avatar, time, list } = conversation;
  const last = list.entries.at(-1);
  return {
    peer,
    name,
    avatar,
    unread: unreadOf(conversation),
    time: last?.time ?? time,
    last: last ? { content: last.content, own: last.own, status: last.status } : null,
  };
}
