import { computed, ref } from 'vue';
import { ApiError, timeoutMs } from '../api/http';
import { type InitPage, pageApi } from '../api/page';
import { readSetting, settingKey, writeSetting } from '../platform/settings';

export interface User {
  readonly userId: number;
  readonly nickName: string;
  readonly avatar: string;
  /** Whether the user may open rooms. */
  readonly vip: boolean;
}

export type SessionState = 'loading' | 'failed' | 'out' | 'in';

const signingOut = 'signing-out';
/** How much later than the end of a session the cookie of the one in its place may reach this browser. */
const newerWithinMs = 1000;
const known = ref<User | null>(null);
const state = ref<SessionState>('loading');
const signOutHandlers: ((userId: number) => void)[] = [];

export const user = computed(() => known.value);
export const sessionState = computed(() => state.value);
/** Whether the sign-in dialog is open. */
export const signInOpen = ref(false);
/** Whether that dialog begins with signing up. */
export const signUpFirst = ref(false);

/** How a session can end without anybody having signed out here. */
export type SessionEnd = 'over' | 'signedOut' | 'kicked';

/** How the session ended that the sign-in dialog is open for; null where it is not. */
export const sessionEnded = ref<SessionEnd | null>(null);

export function openSignIn(asNew = false): void {
  signUpFirst.value = asNew;
  sessionEnded.value = null;
  signInOpen.value = true;
}

/** Asks the server who is signed in. */
export async function loadSession(): Promise<void> {
  try {
    take(await ask());
  } catch (cause) {
    if (state.value === 'loading') state.value = 'failed';
    throw cause;
  }
}

/**
 * Asks who is signed in; a moment later once more, where the one who was is not any more. Who signs in anew in this
 * browser ends the session before, and what tells of that end may be here sooner than the answer with the new cookie.
 */
async function ask(): Promise<InitPage> {
  const page = await pageApi.init();
  if (page.loginStatus || state.value !== 'in' || isSigningOut()) return page;
  await new Promise((resolve) => setTimeout(resolve, newerWithinMs));
  return await pageApi.init();
}

function take(page: InitPage): void {
  known.value = page.loginStatus ? toUser(page) : null;
  state.value = page.loginStatus ? 'in' : 'out';
  // In another tab, maybe.
  if (page.loginStatus) signInOpen.value = false;
}

export async function signIn(name: string, password: string, isNew: boolean): Promise<void> {
  await (isNew ? pageApi.register(name, password) : pageApi.login(name, password));
  tellOtherTabs();
  await loadSession().catch(() => {
    // The name and the password were right: signing in once more is not what helps.
    state.value = 'failed';
  });
}

export async function signOut(): Promise<void> {
  // Before: the connections of all tabs end before the answer is here.
  writeSetting(signingOut, `${Date.now()}`);
  await pageApi.logout();
  forgetUser();
  tellOtherTabs();
  forgetSession();
}

/** Calls the handler when somebody signed out, here or in another tab: nothing of theirs stays in this browser. */
export function onSignOut(handler: (userId: number) => void): void {
  signOutHandlers.push(handler);
}

function forgetUser(): void {
  if (known.value) for (const handler of signOutHandlers) handler(known.value.userId);
}

/** Nobody is signed in any more. */
export function forgetSession(): void {
  known.value = null;
  state.value = 'out';
}

/** The session is over without anybody having signed out here: the way on is to sign in again. */
function endSession(how: SessionEnd): void {
  if (state.value !== 'in') return;
  // Whoever ends a browser's session from another one does not want to leave anything there.
  if (how === 'signedOut') forgetUser();
  forgetSession();
  openSignIn();
  sessionEnded.value = how;
}

/** The session has ended, as the server says. Whether there is one all the same: a newer one. */
export async function followEnd(how: SessionEnd): Promise<boolean> {
  // An operator leaves none.
  const page = await (how === 'kicked' ? pageApi.init() : ask());
  if (page.loginStatus || isSigningOut()) takeOver(page);
  else endSession(how);
  return page.loginStatus;
}

/**
 * Runs a call; when it fails because the session is over, the page knows from then on. Where the caller has a newer one
 * the call runs again: what is refused has changed nothing.
 */
export async function guarded<T>(call: () => Promise<T>): Promise<T> {
  const caller = known.value?.userId;
  try {
    return await call();
  } catch (cause) {
    const isOver = cause instanceof ApiError && cause.code === 401 && state.value === 'in';
    if (!isOver || !(await isStillIn(caller))) throw cause;
    return await call();
  }
}

/** Where the server is away, what is known stays: the next call finds out. */
async function isStillIn(caller: number | undefined): Promise<boolean> {
  const isIn = await followEnd('over').catch(() => false);
  return isIn && known.value?.userId === caller;
}

/** All tabs have one cookie: who signs in or out in one does so in all. */
function tellOtherTabs(): void {
  writeSetting('session', `${Date.now()}`);
}

/** Whether somebody signs out in a tab of this browser at this moment. */
function isSigningOut(): boolean {
  return Math.abs(Date.now() - Number(readSetting(signingOut))) < timeoutMs;
}

/** The other tab has the answer already: the cookie is as it stays. */
async function followOtherTab(): Promise<void> {
  takeOver(await pageApi.init());
}

function takeOver(page: InitPage): void {
  if (page.userId !== known.value?.userId) forgetUser();
  take(page);
}

/** Follows signing in and out in other tabs. Called once. */
export function startSession(): void {
  addEventListener('storage', ({ key }) => {
    // Where the server is away, what is known stays: the next call finds out.
    if (key === settingKey('session')) followOtherTab().catch(() => {});
  });
}

function toUser(page: InitPage): User {
  return {
    userId: page.userId ?? 0,
    nickName: page.nickName ?? '',
    avatar: page.avatar ?? '',
    vip: page.showStartLivingBtn === true,
  };
}
