import type { Receipt, SailfishMessage } from '@sailfish/sdk';
import { SailfishError } from '@sailfish/sdk';
import { computed, type Ref, ref, shallowRef, watch } from 'vue';
import { newClientMsgId } from '../logic/clientMsgId';
import { ConversationBook, parseBook } from '../logic/conversationBook';
import type { Entry } from '../logic/messageList';
import { readSetting, settingKey, writeSetting } from '../logic/settings';
import { client, onConnection } from './connection';
import { user } from './session';

const saveDelayMs = 300;

let book = new ConversationBook();
const version = ref(0);
const openPeer = ref<number | null>(null);
const userId: Ref<number | null> = ref(null);
const conversations = shallowRef(book.conversations);
let saving: ReturnType<typeof setTimeout> | undefined;

/** All conversations, the newest first. */
export const conversationList = computed(() => conversations.value);
export const unreadTotal = computed(() => conversations.value.reduce((sum, each) => sum + each.unread, 0));

/** The conversation in view; null for none. */
export const openConversation = computed(() => openPeer.value);

/** The messages with a user, as they change. */
export function messagesWith(peer: () => number | null) {
  return computed<readonly Entry[]>(() => {
    void version.value;
    const id = peer();
    return id === null ? [] : book.entries(id);
  });
}

/** The conversation that is in view, which is read as it comes; null for none. */
export function showConversation(peer: number | null): void {
  openPeer.value = peer;
  markRead();
}

/** Begins a conversation, so that it is listed. */
export function beginConversation(peer: number, who?: { name: string; avatar: string | null }): void {
  book.begin(peer, Date.now(), who);
  changed();
}

export function deleteConversation(peer: number): void {
  book.remove(peer);
  changed();
}

/** Puts in what the server has of a conversation. */
export function takeHistory(peer: number, messages: readonly SailfishMessage[]): void {
  if (userId.value === null || messages.length === 0) return;
  book.takeHistory(peer, messages, userId.value);
  changed();
}

export function conversationIsFull(peer: number): boolean {
  void version.value;
  return book.isFull(peer);
}

export async function sendTo(peer: number, content: string): Promise<void> {
  const self = user.value;
  if (!self) return;
  const clientMsgId = newClientMsgId();
  book.addOwn(peer, {
    clientMsgId,
    content,
    time: Date.now(),
    senderId: self.userId,
    name: self.nickName,
    avatar: self.avatar,
  });
  changed();
  await transmit(peer, clientMsgId, content);
}

export async function resendTo(peer: number, entry: Entry): Promise<void> {
  if (entry.clientMsgId === null) return;
  book.sending(peer, entry.clientMsgId);
  changed();
  await transmit(peer, entry.clientMsgId, entry.content);
}

async function transmit(peer: number, clientMsgId: string, content: string): Promise<void> {
  const mine = book;
  try {
    const sent = client.value?.send(peer, content, { clientMsgId });
    if (!sent) throw new SailfishError('closed', 'there is no connection');
    const receipt: Receipt = await sent;
    mine.stored(peer, clientMsgId, receipt);
  } catch (cause) {
    const error = cause instanceof SailfishError ? cause : new SailfishError('internal', String(cause));
    mine.failed(peer, clientMsgId, error.error, error.retryAfterMs);
  }
  if (mine === book) changed();
}

function onMessage(message: SailfishMessage): void {
  const self = userId.value;
  if (self === null || message.roomId !== null || message.content === null) return;
  const inView = openPeer.value !== null && document.visibilityState === 'visible';
  book.receive(message, self, inView ? openPeer.value : null);
  changed();
}

function markRead(): void {
  if (openPeer.value === null || document.visibilityState !== 'visible') return;
  if (book.markRead(openPeer.value)) changed();
}

function changed(): void {
  conversations.value = book.conversations;
  version.value++;
  saving ??= setTimeout(save, saveDelayMs);
}

function save(): void {
  clearTimeout(saving);
  saving = undefined;
  if (userId.value === null) return;
  writeSetting(nameOf(userId.value), JSON.stringify(book));
}

function load(id: number | null): void {
  userId.value = id;
  book = id === null ? new ConversationBook() : parseBook(readSetting(nameOf(id)));
  conversations.value = book.conversations;
  version.value++;
  markRead();
}

function nameOf(id: number): string {
  return `conversations.${id}`;
}

/** Another tab of the same user got the same messages, and may have read more of them. */
function onStorage(event: StorageEvent): void {
  if (userId.value === null || event.key !== settingKey(nameOf(userId.value))) return;
  book.merge(parseBook(event.newValue));
  conversations.value = book.conversations;
  version.value++;
  markRead();
}

/** Follows who is signed in and what comes for them. Called once, before the connection is started. */
export function startConversations(): void {
  watch(
    () => user.value?.userId ?? null,
    (id) => {
      if (saving !== undefined) save();
      load(id);
    },
    { immediate: true },
  );
  onConnection('message', onMessage);
  addEventListener('storage', onStorage);
  addEventListener('pagehide', save);
  document.addEventListener('visibilitychange', markRead);
}
