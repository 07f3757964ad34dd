import { computed, ref } from 'vue';
import { ApiError } from '../api/http';
import { pageApi } from '../api/page';

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

export function openSignIn(asNew = false): void {
  signUpFirst.value = asNew;
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
  await loadSession();
}

export async function signOut(): Promise<void> {
  await pageApi.logout();
  forgetSession();
}

/** The server does not know the session any more. */
export function forgetSession(): void {
  known.value = null;
  state.value = 'out';
}

/** Runs a call; when it fails because the session is over, the page knows from then on. */
export async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof ApiError && cause.code === 401 && state.value === 'in') forgetSession();
    throw cause;
  }
}

function toUser(page: Awaited<ReturnType<typeof pageApi.init>>): User {
  return {
    userId: page.userId ?? 0,
    nickName: page.nickName ?? '',
    avatar: page.avatar ?? '',
    vip: page.showStartLivingBtn === true,
  };
}
