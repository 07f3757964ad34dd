import { computed, ref } from 'vue';
import { ApiError } from '../api/http';
import { pageApi } from '../api/page';
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
    const page = await pageApi.init();
    known.value = page.loginStatus ? toUser(page) : null;
    state.value = page.loginStatus ? 'in' : 'out';
  } catch (cause) {
    if (state.value === 'loading') state.value = 'failed';
    throw cause;
  }
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
  tellOtherTabs();
  forgetSession();
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

/** Follows signing in and out in other tabs. Called once. */
export function startSession(): void {
  addEventListener('storage', ({ key }) => {
    // Where the server is away, what is known stays: the next call finds out.
    if (key === settingKey('session')) loadSession().catch(() => {});
  });
}

function toUser(page: Awaited<ReturnType<typeof pageApi.init>>): User {
  return {
    userId: page.userId ?? 0,
    nickName: page.nickName ?? '',
    avatar: page.avatar ?? '',
    vip: page.showStartLivingBtn === true,
  };
}
