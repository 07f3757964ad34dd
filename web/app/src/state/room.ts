import { BizCode, type Receipt, SailfishError, type SailfishMessage } from '@sailfish/sdk';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { type AnchorConfig, pageApi } from '../api/page';
import { entryOf } from '../logic/chatEntry';
import { newClientMsgId } from '../logic/clientMsgId';
import { type Entry, MessageList, type NewEntry } from '../logic/messageList';
import { client, onConnection } from './connection';
import { liveRoom } from './liveRoom';
import { useNewest } from './load';
import { guarded, user } from './session';

const history = 50;
const likeIntervalMs = 500;

export type RoomPhase = 'loading' | 'failed' | 'gone' | 'open' | 'closed' | 'removed';

/** One room in view: what it is, who is there, and what is said. Ends with the scope it is used in. */
export function useRoom(roomId: number) {
  const phase = ref<RoomPhase>('loading');
  const failure = shallowRef<unknown>(null);
  /** For how long who was removed cannot come back; null where that is not known. */
  const removedMs = ref<number | null>(null);
  const config = shallowRef<AnchorConfig | null>(null);
  const list = new MessageList();
  const entries = shallowRef<readonly Entry[]>([]);
  const viewers = ref(0);
  const likes = ref(0);
  const lost = ref(false);
  const muted = ref<ReadonlySet<number>>(new Set());
  const liveHandlers = new Set<(entry: Entry) => void>();
  const newest = useNewest();
  let newestAtJoin = Number.POSITIVE_INFINITY;
  /** JOINs that were asked and not answered. */
  let joining = 0;
  let unsentLikes = 0;
  let likeTimer: ReturnType<typeof setTimeout> | undefined;

  const isAnchor = computed(() => config.value?.anchor === true);

  async function load(): Promise<void> {
    const isAsked = newest.ask();
    phase.value = 'loading';
    try {
      const loaded = await guarded(() => pageApi.anchorConfig(roomId));
      if (!isAsked()) return;
      config.value = loaded;
      viewers.value = loaded.viewers;
      likes.value = Math.max(likes.value, loaded.likes ?? 0);
      if (loaded.roomId < 0) phase.value = 'gone';
      else await join(isAsked);
    } catch (cause) {
      if (isAsked()) fail(cause);
    }
  }

  async function join(isAsked: () => boolean): Promise<void> {
    const mine = client.value;
    if (!mine) return;
    // A room that was not left gives its history only to who joins anew.
    if (liveRoom.value === roomId) await mine.leave(roomId);
    joining++;
    const info = await mine.join(roomId, { history }).finally(() => joining--);
    if (mine !== client.value) return;
    if (config.value?.anchor) liveRoom.value = roomId;
    if (!isAsked()) return;
    newestAtJoin = info.seq;
    viewers.value = info.viewers;
    phase.value = 'open';
  }

  function fail(cause: unknown): void {
    const word = cause instanceof SailfishError ? cause.error : '';
    failure.value = cause;
    if (word === 'room_closed') phase.value = 'closed';
    else if (word === 'banned') keepOut(cause);
    else if (word !== 'closed') phase.value = 'failed';
  }

  function keepOut(cause: unknown): void {
    removedMs.value = cause instanceof SailfishError ? cause.retryAfterMs : null;
    end('removed');
  }

  function show(): void {
    entries.value = list.entries;
  }

  function add(entry: NewEntry): void {
    const added = list.add(entry);
    show();
    const isNew = added?.status === 'sent' && (added.seq === null || added.seq > newestAtJoin);
    if (isNew) tell(added);
  }

  function tell(entry: Entry): void {
    for (const handler of liveHandlers) handler(entry);
  }

  function onMessage(message: SailfishMessage): void {
    if (message.roomId !== roomId || message.bizCode !== BizCode.chat || message.content === null) return;
    add(entryOf(message, user.value?.userId));
  }

  async function send(content: string): Promise<void> {
    const self = user.value;
    if (!self) return;
    const clientMsgId = newClientMsgId();
    add({
      msgId: null,
      clientMsgId,
      seq: null,
      time: Date.now(),
      senderId: self.userId,
      name: self.nickName,
      avatar: self.avatar,
      content,
      own: true,
      status: 'sending',
    });
    await transmit(clientMsgId, content);
  }

  async function resend(entry: Entry): Promise<void> {
    if (entry.clientMsgId === null) return;
    list.sending(entry.clientMsgId);
    show();
    await transmit(entry.clientMsgId, entry.content);
  }

  async function transmit(clientMsgId: string, content: string): Promise<void> {
    try {
      const sent = client.value?.sendToRoom(roomId, content, { clientMsgId });
      if (!sent) throw new SailfishError('closed', 'there is no connection');
      const receipt: Receipt = await sent;
      list.stored(clientMsgId, receipt);
      const stored = list.entries.find((entry) => entry.clientMsgId === clientMsgId);
      if (stored) tell(stored);
    } catch (cause) {
      const error = cause instanceof SailfishError ? cause : new SailfishError('internal', String(cause));
      list.failed(clientMsgId, error.error, error.retryAfterMs);
    }
    show();
  }

  /** Clicks are summed: the server is told a few times a second, however fast they come. */
  function like(): void {
    likes.value++;
    unsentLikes++;
    likeTimer ??= setTimeout(sendLikes, likeIntervalMs);
  }

  function sendLikes(): void {
    likeTimer = undefined;
    const count = unsentLikes;
    unsentLikes = 0;
    // A lost like is no reason to disturb anybody.
    if (count > 0) guarded(() => pageApi.like(roomId, count)).catch(() => {});
  }

  async function close(): Promise<void> {
    await pageApi.closeLiving(roomId);
    end('closed');
  }

  async function mute(userId: number, seconds: number): Promise<void> {
    await pageApi.mute(roomId, userId, seconds);
    muted.value = new Set([...muted.value, userId]);
  }

  async function unmute(userId: number): Promise<void> {
    await pageApi.unmute(roomId, userId);
    muted.value = new Set([...muted.value].filter((id) => id !== userId));
  }

  async function remove(userId: number): Promise<void> {
    await pageApi.remove(roomId, userId);
  }

  function end(how: 'closed' | 'removed'): void {
    phase.value = how;
    if (liveRoom.value === roomId) liveRoom.value = null;
  }

  onConnection('message', onMessage);
  onConnection('viewers', (event) => {
    if (event.roomId === roomId) viewers.value = event.viewers;
  });
  onConnection('likes', (event) => {
    if (event.roomId === roomId) likes.value = Math.max(likes.value, event.likes + unsentLikes);
  });
  onConnection('roomClosed', (event) => {
    if (event.roomId === roomId) end('closed');
  });
  onConnection('roomLeft', (event) => {
    if (event.roomId !== roomId) return;
    removedMs.value = event.retryAfterMs;
    if (event.reason === 'removed' || event.reason === 'banned') end('removed');
    else fail(new SailfishError(event.reason, 'the room was left'));
  });
  onConnection('gap', (event) => {
    if (event.conversation === `r:${roomId}`) lost.value = true;
  });
  // Who is signed in; and a connection made anew by hand.
  watch(
    client,
    (now) => {
      if (now) void load();
    },
    { immediate: true },
  );

  onScopeDispose(() => {
    clearTimeout(likeTimer);
    sendLikes();
    // An anchor stays: the room would close without one. A JOIN that is under way is answered before the LEAVE.
    const isIn = phase.value === 'open' || joining > 0;
    if (isIn && !config.value?.anchor) client.value?.leave(roomId).catch(() => {});
  });

  return {
    phase,
    failure,
    removedMs,
    config,
    entries,
    viewers,
    likes,
    lost,
    muted,
    isAnchor,
    load,
    send,
    resend,
    like,
    close,
    mute,
    unmute,
    remove,
    /** Calls the handler on what is said from now on, until the function it returns is called. */
    onLive: (handler: (entry: Entry) => void): (() => void) => {
      liveHandlers.add(handler);
      return () => void liveHandlers.delete(handler);
    },
  };
}

export type Room = ReturnType<typeof useRoom>;
