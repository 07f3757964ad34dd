import type { Receipt, SailfishMessage } from '@sailfish/sdk';
import { SailfishError } from '@sailfish/sdk';
import { computed, type Ref, ref, shallowRef, watch } from 'vue';
import { t } from '../i18n';
import { newClientMsgId } from '../logic/clientMsgId';
import { ConversationBook, parseBook } from '../logic/conversationBook';
import type { Entry } from '../logic/messageList';
import { readSetting, removeSettings, settingKey, writeSetting } from '../platform/settings';
import { client, onConnection } from './connection';
import { onSignOut, user } from './session';
import { toastProblem } from './toasts';

const saveDelayMs = 300;
const conversationsOf = 'conversations.';

let book = new ConversationBook();
const version = ref(0);
const openPeer = ref<number | null>(null);
const userId: Ref<number | null> = ref(null);
const conversations = shallowRef(book.conversations);
let saving: ReturnType<typeof setTimeout> | undefined;
/** What came and is not saved: the server keeps it until it is. */
let unsaved: SailfishMessage[] = [];
/** What this tab saw last in the browser's storage; null for nothing. */
let lastSaved: string | null = null;
/** Takes back that the storage is full. */
let storageTold = () => {};
/** Whether they signed out, here or in another tab: nothing is saved any more. */
let forgotten = false;

/** All conversations, the newest first. */
export const conversationList = computed(() => conversations.value);
export const unreadTotal = computed(() => conversations.value.reduce((sum, each) => sum + each.unread, 0));

/** Whether the browser keeps nothing more, so that what comes stays on the server, as unread. */
export const storageFull = ref(false);

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
  book.remove(peer, Date.now());
  changed();
  // At once: another tab that saves must find it.
  save();
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

/** Takes away an own message that failed. */
export function discardTo(peer: number, entry: Entry): void {
  if (entry.clientMsgId === null) return;
  book.discard(peer, entry.clientMsgId);
  changed();
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
  if (self === null || message.roomId !== null) return;
  unsaved.push(message);
  const inView = openPeer.value !== null && document.visibilityState === 'visible';
  if (message.content !== null) book.receive(message, self, inView ? openPeer.value : null);
  changed();
}

function markRead(): void {
  if (openPeer.value === null || document.visibilityState !== 'visible') return;
  if (book.markRead(openPeer.value)) changed();
}

function changed(): void {
  show();
  saving ??= setTimeout(save, saveDelayMs);
}

function show(): void {
  conversations.value = book.conversations;
  version.value++;
}

/** Saves, then tells the server that it need not keep what came. */
function save(): void {
  clearTimeout(saving);
  saving = undefined;
  if (userId.value === null || forgotten || !takeOver(readSetting(nameOf(userId.value)))) return;
  const text = JSON.stringify(book);
  const isSaved = writeSetting(nameOf(userId.value), text);
  tellStorage(isSaved);
  if (!isSaved) return;
  lastSaved = text;
  for (const message of unsaved.splice(0)) client.value?.ack(message);
}

/** What another tab saved meanwhile is not written over. False when it is gone: they signed out there. */
function takeOver(stored: string | null): boolean {
  if (stored === lastSaved) return true;
  if (stored === null) return false;
  lastSaved = stored;
  book.merge(parseBook(stored));
  show();
  return true;
}

function tellStorage(isSaved: boolean): void {
  if (!isSaved && !storageFull.value) storageTold = toastProblem(t('messages.storageFull'));
  if (isSaved) storageTold();
  storageFull.value = !isSaved;
}

function load(id: number | null): void {
  userId.value = id;
  unsaved = [];
  forgotten = false;
  storageFull.value = false;
  if (id !== null) removeSettings(conversationsOf, nameOf(id));
  lastSaved = id === null ? null : readSetting(nameOf(id));
  book = parseBook(lastSaved);
  show();
  markRead();
}

/** They signed out: whoever comes next to this browser reads nothing of theirs. */
function forget(id: number): void {
  if (id === userId.value) forgotten = true;
  writeSetting(nameOf(id), null);
}

function nameOf(id: number): string {
  return `${conversationsOf}${id}`;
}

/** Another tab of the same user got the same messages, and may have read or removed more of them; or they signed out there. */
function onStorage({ key, newValue }: StorageEvent): void {
  if (userId.value === null || key !== settingKey(nameOf(userId.value))) return;
  forgotten = newValue === null;
  if (newValue !== null) takeOver(newValue);
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
  onSignOut(forget);
  onConnection('message', onMessage);
  addEventListener('storage', onStorage);
  addEventListener('pagehide', save);
  document.addEventListener('visibilitychange', markRead);
}
