import { SailfishClient, type SailfishEvents, type SailfishState } from '@sailfish/sdk';
import { computed, getCurrentScope, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { ApiError } from '../api/http';
import { liveApi } from '../api/live';
import { pageApi } from '../api/page';
import { beneath } from '../logic/beneath';
import { route } from './route';
import { followEnd, guarded, type SessionEnd, sessionState, user } from './session';

type Handler<K extends keyof SailfishEvents> = (event: SailfishEvents[K]) => void;
type Handlers = { [K in keyof SailfishEvents]: Set<Handler<K>> };

const handlers: Handlers = {
  message: new Set(),
  state: new Set(),
  doubt: new Set(),
  roomClosed: new Set(),
  roomLeft: new Set(),
  viewers: new Set(),
  roomState: new Set(),
  likes: new Set(),
  gap: new Set(),
  error: new Set(),
};

/** The server's words for a connection that ends with the session. */
const sessionEnds: ReadonlyMap<string, SessionEnd> = new Map([
  ['session_over', 'over'],
  ['signed_out', 'signedOut'],
  ['kicked', 'kicked'],
]);

/** Guests are not let in, this one is not, or the server does not know of any. */
const refusals: ReadonlySet<number> = new Set([401, 403, 404]);

const current = shallowRef<SailfishClient | null>(null);
const state = ref<SailfishState>('idle');
const reason = ref<string | null>(null);
const inDoubt = ref(false);
/** The one that was logged in last. */
let lastIn: SailfishClient | null = null;

/** Whether who is not signed in may look at rooms; false once the server said that they may not. */
export const guestsAllowed = ref(true);
/** Whether somebody without an account looks at a room. */
const isGuest = computed(() => sessionState.value === 'out' && route.value.page === 'room' && guestsAllowed.value);

/** The connection of who is signed in, or of a guest in a room; null else. Another after each sign-in and each connecting again. */
export const client = computed(() => current.value);
export const connectionState = computed(() => state.value);
/** Whether the server gave no sign of life when it was asked for one, until it is heard of again. */
export const connectionInDoubt = computed(() => inDoubt.value);
/** Why the connection is as it is, in a word of the protocol's. */
export const connectionReason = computed(() => reason.value);

/** Calls the handler on the events of whatever connection there is, until the scope ends that it is called in, if any. */
export function onConnection<K extends keyof SailfishEvents>(name: K, handler: Handler<K>): void {
  handlers[name].add(handler);
  if (getCurrentScope()) onScopeDispose(() => handlers[name].delete(handler));
}

/** Connects again after the server ended the connection for good. */
export function connectAgain(): void {
  disconnect();
  if (user.value || isGuest.value) connect();
}

function connect(): void {
  const next = new SailfishClient({
    url: new URL(beneath('/ws'), location.href.replace(/^http/, 'ws')).href,
    token: user.value ? userToken : guestToken,
    roomState: true,
    ack: 'manual',
    retryFirstConnect: true,
    platform: 'page',
  });
  for (const name of Object.keys(handlers) as (keyof SailfishEvents)[]) forward(next, name);
  next.on('state', (event) => onState(next, event));
  next.on('doubt', ({ isInDoubt }) => {
    if (next === current.value) inDoubt.value = isInDoubt;
  });
  current.value = next;
  next.connect().catch(() => onState(next, { state: 'closed', reason: 'bad_token' }));
}

async function userToken(signal: AbortSignal): Promise<string> {
  return (await guarded(() => pageApi.imConfig(signal))).token;
}

async function guestToken(signal: AbortSignal): Promise<string> {
  try {
    return (await liveApi.guestConfig(signal)).token;
  } catch (cause) {
    if (cause instanceof ApiError && refusals.has(cause.code)) guestsAllowed.value = false;
    throw cause;
  }
}

function forward<K extends keyof SailfishEvents>(from: SailfishClient, name: K): void {
  from.on(name, (event) => {
    if (from === current.value) for (const handler of [...handlers[name]]) handler(event);
  });
}

function onState(from: SailfishClient, event: SailfishEvents['state']): void {
  if (from !== current.value) return;
  if (event.state === 'online') lastIn = from;
  if (event.state === 'closed' && event.reason === 'bad_token' && isAnotherGuest(from)) {
    connectAgain();
    return;
  }
  const end = event.state === 'closed' && event.reason !== null ? sessionEnds.get(event.reason) : undefined;
  // Until it is known whether there is a newer session, there is nothing for the reader to do.
  state.value = end ? 'reconnecting' : event.state;
  reason.value = event.reason;
  if (end) void follow(from, end);
}

/**
 * A guest is who the browser's cookie says: another after a second tab got one too, and each time where none is kept. That
 * a token is for another is final for a client, which might have something to send; a guest's has nothing.
 */
function isAnotherGuest(from: SailfishClient): boolean {
  return isGuest.value && from === lastIn;
}

/** Finds out whether the session ended with the connection. Where the server is away, the reader can ask again. */
async function follow(from: SailfishClient, end: SessionEnd): Promise<void> {
  const isIn = await followEnd(end).catch(() => false);
  if (from !== current.value) return;
  if (isIn) connectAgain();
  else state.value = 'closed';
}

function disconnect(): void {
  const old = current.value;
  current.value = null;
  state.value = 'idle';
  reason.value = null;
  inDoubt.value = false;
  void old?.close();
}

/** Tries to connect at once, where the next attempt is waited for, and finds out whether the connection there is lives. */
export function connectNow(): void {
  current.value?.wake();
}

function wake(): void {
  if (document.visibilityState === 'visible') connectNow();
}

/** Follows who is signed in. Called once. */
export function startConnection(): void {
  watch(
    [() => user.value?.userId, isGuest],
    ([userId, guest]) => {
      disconnect();
      if (userId !== undefined || guest) connect();
    },
    { immediate: true },
  );
  addEventListener('online', wake);
  // What the browser knows of the network holds for other machines: whether the server is away, it is asked itself.
  addEventListener('offline', connectNow);
  // Out of the browser's memory of pages that were left.
  addEventListener('pageshow', ({ persisted }) => persisted && wake());
  document.addEventListener('visibilitychange', wake);
}
