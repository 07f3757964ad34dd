import { computed, ref } from 'vue';
import { ApiError } from '../api/http';
import { type InitPage, pageApi } from '../api/page';
import { settingKey, writeSetting } from '../logic/settings';

export interface User {
  readonly userId: number;
  readonly nickName: string;
  readonly avatar: string;
  /** Whether the user may open rooms. */
  readonly vip: boolean;
}

export type SessionState = 'loading' | 'failed' | 'out' | 'in';

const known = ref<User | null>(null);
const state = ref<SessionState>('loading');
const signOutHandlers: ((userId: number) => void)[] = [];

export const user = computed(() => known.value);
export const sessionState = computed(() => state.value);
/** Whether the sign-in dialog is open. */
export const signInOpen = ref(false);
/** Whether that dialog begins with signing up. */
export const signUpFirst = ref(false);

/** Whether it is open because the session has ended by itself. */
export const sessionEnded = ref(false);

export function openSignIn(asNew = false): void {
  signUpFirst.value = asNew;
  sessionEnded.value = false;
  signInOpen.value = true;
}

/** Asks the server who is signed in. */
export async function loadSession(): Promise<void> {
  try {
    take(await pageApi.init());
  } catch (cause) {
    if (state.value === 'loading') state.value = 'failed';
    throw cause;
  }
}

function take(page: InitPage): void {
  known.value = page.loginStatus ? toUser(page) : null;
  state.value = page.loginStatus ? 'in' : 'out';
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
export function endSession(): void {
  if (state.value !== 'in') return;
  forgetSession();
  openSignIn();
  sessionEnded.value = true;
}

/** Runs a call; when it fails because the session is over, the page knows from then on. */
export async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof ApiError && cause.code === 401) endSession();
    throw cause;
  }
}

/** All tabs have one cookie: who signs in or out in one does so in all. */
function tellOtherTabs(): void {
  writeSetting('session', `${Date.now()}`);
}

async function followOtherTab(): Promise<void> {
  const page = await pageApi.init();
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
