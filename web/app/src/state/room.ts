import { BizCode, type Receipt, type RoomState, SailfishError, type SailfishMessage } from '@sailfish/sdk';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { type AnchorConfig, pageApi, type RoomTexts } from '../api/page';
import { entryOf } from '../logic/chatEntry';
import { newClientMsgId } from '../logic/clientMsgId';
import { type Entry, MessageList, type NewEntry } from '../logic/messageList';
import { type StreamState, streamStateOf } from '../logic/streamState';
import { client, connectionState, onConnection } from './connection';
import { useLikes } from './likes';
import { liveInfo, liveRoom, noteEnded, wasEndedHere } from './liveRoom';
import { useNewest } from './load';
import { useOwnMute } from './ownMute';
import { countMessage, notePeak, peakOf } from './ownStream';
import { lookAtRestrictions, mutedIn, unmute as unmuteIn } from './restrictions';
import { noteName } from './richText';
import { guarded, user } from './session';

const history = 50;
/** How often who has the room in view asks for what nothing tells of. */
const lookMs = 60_000;
/** Who begins to write asks so often at most whether that is allowed. */
const askMs = 10_000;
const recordsLooked = 20;

export type RoomPhase = 'loading' | 'failed' | 'gone' | 'open' | 'closed' | 'removed';

/** How the user's own room ended: by the user here, from elsewhere, or while the user was away. */
export type OwnEnd = 'here' | 'elsewhere' | 'away';

/** One room in view: what it is, who is there, and what is said. Ends with the scope it is used in. */
export function useRoom(roomId: number) {
  const phase = ref<RoomPhase>('loading');
  const failure = shallowRef<unknown>(null);
  /** Until when who was removed cannot come back, by this browser's clock; null where nothing is in the way. */
  const removedUntil = ref<number | null>(null);
  const config = shallowRef<AnchorConfig | null>(null);
  const list = new MessageList();
  const entries = shallowRef<readonly Entry[]>([]);
  const viewers = ref(0);
  /** The most who were here at once that was heard of: the server says so now and then, and who is here meanwhile is counted. */
  const seen = ref(0);
  const peak = computed(() => Math.max(seen.value, peakOf(roomId)));
  const lost = ref(false);
  const stream = ref<StreamState>('off');
  const ownEnd = ref<OwnEnd | null>(null);
  const liveHandlers = new Set<(entry: Entry) => void>();
  const newest = useNewest();
  let newestAtJoin = Number.POSITIVE_INFINITY;
  /** JOINs that were asked and not answered. */
  let joining = 0;
  let closing = false;
  /** When it was asked last whether the user may write. */
  let askedAt = Number.NEGATIVE_INFINITY;

  const isAnchor = computed(() => config.value?.anchor === true);
  /** Whom the anchor, who is the reader, has muted. */
  const muted = computed(() => mutedIn(roomId));
  const { begin: beginLikes, ...likes } = useLikes(roomId, () => phase.value === 'open');
  const { mutedUntil, muteUntil } = useOwnMute(() => void refresh());

  async function load(): Promise<void> {
    const isAsked = newest.ask();
    phase.value = 'loading';
    try {
      const loaded = await guarded(() => pageApi.anchorConfig(roomId));
      if (!isAsked()) return;
      takeConfig(loaded);
      viewers.value = loaded.viewers;
      beginLikes(loaded.likes ?? 0);
      if (loaded.roomId < 0) await gone(isAsked);
      else await join(isAsked);
    } catch (cause) {
      if (isAsked()) fail(cause);
    }
  }

  function takeConfig(loaded: AnchorConfig): void {
    askedAt = performance.now();
    config.value = loaded;
    if (loaded.anchorNickName) noteName(loaded.anchorNickName);
    stream.value = streamStateOf(loaded.stream);
    if (loaded.startTime !== undefined) muteUntil(loaded.muted ?? null);
  }

  /** As the server tells of it, once a second at most. */
  function takeState(state: RoomState): void {
    stream.value = state.stream;
    viewers.value = state.viewers;
    const { title: roomName, announcement } = state;
    if (config.value && (config.value.roomName !== roomName || config.value.announcement !== announcement))
      config.value = { ...config.value, roomName, announcement };
  }

  /** Asks anew what nothing tells of: names, pictures, and whether the user may write. */
  async function refresh(): Promise<void> {
    if (phase.value !== 'open') return;
    const loaded = await guarded(() => pageApi.anchorConfig(roomId)).catch(() => null);
    if (loaded && loaded.roomId === roomId && phase.value === 'open') takeConfig(loaded);
  }

  /** Nobody is told that he was muted: whoever is about to write asks, before there is something to refuse. */
  function askMute(): void {
    if (performance.now() - askedAt < askMs) return;
    askedAt = performance.now();
    void refresh();
  }

  /** Not open: maybe a room of the user's own, which ended meanwhile. */
  async function gone(isAsked: () => boolean): Promise<void> {
    if (user.value?.vip) {
      const { list: records } = await guarded(() => pageApi.records(1, recordsLooked));
      if (!isAsked()) return;
      if (records.some((record) => record.id === roomId)) ownEnd.value = wasEndedHere(roomId) ? 'here' : 'away';
    }
    phase.value = 'gone';
  }

  async function join(isAsked: () => boolean): Promise<void> {
    const mine = client.value;
    if (!mine) return;
    // A room that was not left gives its history only to who joins anew.
    if (liveRoom.value === roomId) await mine.leave(roomId);
    joining++;
    const info = await mine.join(roomId, { history }).finally(() => joining--);
    if (mine !== client.value) return;
    if (config.value?.anchor) {
      liveRoom.value = roomId;
      liveInfo.value = info;
    }
    if (!isAsked()) return;
    newestAtJoin = info.seq;
    viewers.value = info.viewers;
    phase.value = 'open';
  }

  function fail(cause: unknown): void {
    const { error: word, retryAfterMs } = cause instanceof SailfishError ? cause : { error: '', retryAfterMs: null };
    failure.value = cause;
    if (word === 'room_closed') closed('away');
    else if (word === 'banned') removed(retryAfterMs);
    else if (word !== 'closed') phase.value = 'failed';
  }

  function removed(retryAfterMs: number | null): void {
    removedUntil.value = retryAfterMs === null ? null : Date.now() + retryAfterMs;
    end('removed');
  }

  function onVisible(): void {
    if (document.visibilityState === 'visible') void refresh();
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
    if (message.senderId === config.value?.anchorId) showAnchor(message.senderName, message.senderAvatar);
    if (message.senderName) noteName(message.senderName);
    add(entryOf(message, user.value?.userId));
  }

  /** The anchor may have taken another name or picture since the room was entered. */
  function showAnchor(name: string | null, picture: string | null): void {
    if (!config.value) return;
    const { anchorNickName, anchorImg } = config.value;
    config.value = { ...config.value, anchorNickName: name ?? anchorNickName, anchorImg: picture ?? anchorImg };
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

  /** Takes away an own message that failed. */
  function discard(entry: Entry): void {
    if (entry.clientMsgId === null) return;
    list.discard(entry.clientMsgId);
    show();
  }

  async function transmit(clientMsgId: string, content: string): Promise<void> {
    try {
      const sent = client.value?.sendToRoom(roomId, content, { clientMsgId });
      if (!sent) throw new SailfishError('closed', 'there is no connection');
      const receipt: Receipt = await sent;
      list.stored(clientMsgId, receipt);
      countMessage(roomId, receipt.seq);
      const stored = list.entries.find((entry) => entry.clientMsgId === clientMsgId);
      if (stored) tell(stored);
    } catch (cause) {
      const error = cause instanceof SailfishError ? cause : new SailfishError('internal', String(cause));
      list.failed(clientMsgId, error.error, error.retryAfterMs);
      if (error.error === 'muted' && error.retryAfterMs !== null) muteUntil(Date.now() + error.retryAfterMs);
    }
    show();
  }

  async function close(): Promise<void> {
    // The room is told of its end before the answer is here.
    closing = true;
    try {
      await pageApi.closeLiving(roomId);
    } finally {
      closing = false;
    }
    noteEnded(roomId);
    closed('here');
  }

  /** What stands on the room from now on. */
  async function describe(texts: RoomTexts): Promise<void> {
    const stored = await pageApi.editRoom(roomId, texts);
    if (config.value) config.value = { ...config.value, ...stored };
  }

  function closed(how: OwnEnd): void {
    if (isAnchor.value) ownEnd.value ??= how;
    end('closed');
  }

  async function mute(userId: number, seconds: number): Promise<void> {
    await pageApi.mute(roomId, userId, seconds);
    void lookAtRestrictions(roomId);
  }

  async function unmute(userId: number): Promise<void> {
    await unmuteIn(roomId, userId);
  }

  async function remove(userId: number, seconds: number): Promise<void> {
    await pageApi.remove(roomId, userId, seconds);
    void lookAtRestrictions(roomId);
  }

  function end(how: 'closed' | 'removed'): void {
    phase.value = how;
    if (liveRoom.value === roomId) liveRoom.value = null;
  }

  onConnection('message', onMessage);
  onConnection('viewers', (event) => {
    if (event.roomId === roomId) viewers.value = event.viewers;
  });
  onConnection('roomState', (event) => {
    if (event.roomId === roomId) takeState(event.state);
  });
  onConnection('roomClosed', (event) => {
    if (event.roomId === roomId) closed(closing ? 'here' : 'elsewhere');
  });
  onConnection('roomLeft', (event) => {
    if (event.roomId !== roomId) return;
    if (event.reason === 'removed' || event.reason === 'banned') removed(event.retryAfterMs);
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

  watch(connectionState, (now) => {
    if (now === 'online') void refresh();
  });
  watch(
    () => [user.value?.nickName, user.value?.avatar],
    ([name = null, picture = null]) => isAnchor.value && showAnchor(name, picture),
  );
  watch(
    [viewers, () => config.value?.peak ?? 0],
    (counts) => {
      seen.value = Math.max(seen.value, ...counts);
      notePeak(roomId, seen.value);
    },
    { flush: 'sync' },
  );
  document.addEventListener('visibilitychange', onVisible);
  const looking = setInterval(onVisible, lookMs);

  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', onVisible);
    clearInterval(looking);
    // An anchor stays: the room would close without one. A JOIN that is under way is answered before the LEAVE.
    const isIn = phase.value === 'open' || joining > 0;
    if (isIn && !config.value?.anchor) client.value?.leave(roomId).catch(() => {});
  });

  return {
    phase,
    failure,
    removedUntil,
    config,
    entries,
    viewers,
    peak,
    ...likes,
    lost,
    muted,
    mutedUntil,
    stream,
    ownEnd,
    isAnchor,
    load,
    askMute,
    send,
    resend,
    discard,
    close,
    describe,
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
