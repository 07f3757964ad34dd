import type { Receipt, SailfishMessage } from '@sailfish/sdk';
import { entryOf } from './chatEntry';
import { type Entry, MessageList } from './messageList';

const maxConversations = 50;
/** How many messages of a conversation are kept while the page is open, and how many over its end. */
const maxMessages = 1000;
const maxSaved = 100;

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
  unread: number;
  time: number;
  list: MessageList;
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
  readonly unread: number;
  readonly time: number;
  readonly entries: readonly Entry[];
}

/** One user's one-to-one conversations, as they are kept in the browser. */
export class ConversationBook {
  readonly #byPeer = new Map<number, Conversation>();

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

  remove(peer: number): void {
    this.#byPeer.delete(peer);
  }

  /** A message came; `inView` is whose conversation the reader looks at. */
  receive(message: SailfishMessage, self: number, inView: number | null): void {
    const peer = message.senderId === self ? message.objectId : message.senderId;
    if (peer === null || peer === self) return;
    const entry = entryOf(message, self);
    const conversation = this.#of(peer, entry.time);
    if (!conversation.list.add(entry)) return;
    conversation.time = Math.max(conversation.time, entry.time);
    if (entry.own) return;
    conversation.name = message.senderName ?? conversation.name;
    conversation.avatar = message.senderAvatar ?? conversation.avatar;
    if (peer !== inView) conversation.unread++;
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

  /** Whether there was something unread. */
  markRead(peer: number): boolean {
    const conversation = this.#byPeer.get(peer);
    if (!conversation || conversation.unread === 0) return false;
    conversation.unread = 0;
    return true;
  }

  /** Takes over what another tab of the same user has: it got the same messages, and may have read more. */
  merge(other: ConversationBook): void {
    for (const theirs of other.#byPeer.values()) {
      const mine = this.#byPeer.get(theirs.peer);
      if (mine) mergeInto(mine, theirs);
      else this.#byPeer.set(theirs.peer, theirs);
    }
  }

  toJSON(): readonly SavedConversation[] {
    return [...this.#byPeer.values()].map(({ list, ...head }) => ({ ...head, entries: list.entries.slice(-maxSaved) }));
  }

  /** Takes up what was saved. What was under way when the page closed may be sent again: its id is the same. */
  restore(saved: SavedConversation): void {
    const entries = saved.entries.map((entry) =>
      entry.status === 'sending' ? { ...entry, status: 'failed' as const, error: 'receipt_timeout' } : entry,
    );
    this.#byPeer.set(saved.peer, { ...saved, list: new MessageList(maxMessages, entries) });
  }

  #of(peer: number, time: number): Conversation {
    let conversation = this.#byPeer.get(peer);
    if (!conversation) {
      conversation = { peer, name: null, avatar: null, unread: 0, time, list: new MessageList(maxMessages) };
      this.#byPeer.set(peer, conversation);
      this.#forgetOldest();
    }
    return conversation;
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
    for (const saved of JSON.parse(text ?? '[]') as SavedConversation[]) book.restore(saved);
    return book;
  } catch {
    return new ConversationBook();
  }
}

function mergeInto(mine: Conversation, theirs: Conversation): void {
  for (const entry of theirs.list.entries) if (entry.status === 'sent') mine.list.add(entry);
  mine.name = theirs.name ?? mine.name;
  mine.avatar = theirs.avatar ?? mine.avatar;
  mine.time = Math.max(mine.time, theirs.time);
  mine.unread = theirs.unread;
}

function headOf({ list, ...head }: Conversation): ConversationHead {
  const last = list.entries.at(-1);
  return {
    ...head,
    time: last?.time ?? head.time,
    last: last ? { content: last.content, own: last.own, status: last.status } : null,
  };
}
