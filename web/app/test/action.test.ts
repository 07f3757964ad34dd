import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../src/api/http';
import { pageApi } from '../src/api/page';
import { locale } from '../src/i18n';
import { avatarProblem } from '../src/logic/avatarFile';
import { useAction } from '../src/state/action';
import {
  followEnd,
  forgetSession,
  guarded,
  loadSession,
  sessionEnded,
  sessionState,
  signInOpen,
  startSession,
  user,
} from '../src/state/session';

const somebody = { loginStatus: true, userId: 10_001, nickName: 'me', avatar: '' };
const nobody = { loginStatus: false };

beforeEach(() => {
  vi.useFakeTimers();
  locale.value = 'en';
});

afterEach(() => {
  vi.useRealTimers();
  forgetSession();
  signInOpen.value = false;
  vi.restoreAllMocks();
});

/** The outcome, after the moment that a newer session is waited for. */
async function later<T>(work: Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(1000);
  return await work;
}

describe('an action', () => {
  it('runs once at a time', async () => {
    let finish = () => {};
    const work = vi.fn(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    const { busy, run } = useAction();
    const first = run(work);
    expect(busy.value).toBe(true);
    expect(await run(work)).toBe(false);
    finish();
    expect(await first).toBe(true);
    expect([busy.value, work.mock.calls.length]).toEqual([false, 1]);
  });

  it('says what went wrong, and may be run again', async () => {
    const tell = vi.fn();
    const { busy, error, run } = useAction(tell);
    expect(await run(() => Promise.reject(new ApiError(429, '')))).toBe(false);
    expect([busy.value, error.value]).toEqual([false, 'Too many attempts. Wait a moment and try again.']);
    expect(tell).toHaveBeenCalledExactlyOnceWith(error.value);
    expect(await run(async () => {})).toBe(true);
    expect(error.value).toBe('');
  });

  it('leads to signing in when the session is over', async () => {
    const init = vi.spyOn(pageApi, 'init').mockResolvedValue(somebody);
    await loadSession();
    init.mockResolvedValue(nobody);
    await later(useAction().run(() => Promise.reject(new ApiError(401, ''))));
    expect([sessionState.value, signInOpen.value, sessionEnded.value]).toEqual(['out', true, 'over']);
  });
});

describe('a session', () => {
  it('ends here when somebody signs out in another tab', async () => {
    startSession();
    const init = vi.spyOn(pageApi, 'init').mockResolvedValue(somebody);
    await loadSession();
    init.mockResolvedValue(nobody);
    dispatchEvent(new StorageEvent('storage', { key: 'sailfish.theme' }));
    expect(init).toHaveBeenCalledOnce();
    dispatchEvent(new StorageEvent('storage', { key: 'sailfish.session' }));
    await vi.waitFor(() => expect(sessionState.value).toBe('out'));
    expect(signInOpen.value).toBe(false);
  });
});

describe('the end of a session', () => {
  const refused = new ApiError(401, '');
  const init = () => vi.spyOn(pageApi, 'init').mockResolvedValue(somebody);

  it('waits for the cookie of a newer one, with which the refused call runs again', async () => {
    const asked = init();
    await loadSession();
    asked.mockResolvedValueOnce(nobody);
    const call = vi.fn().mockRejectedValueOnce(refused).mockResolvedValueOnce('done');
    expect(await later(guarded(call))).toBe('done');
    expect([sessionState.value, signInOpen.value]).toEqual(['in', false]);
  });

  it('is none where the page looks anew who is signed in while that cookie is on its way', async () => {
    const asked = init();
    await loadSession();
    asked.mockResolvedValueOnce(nobody);
    await later(loadSession());
    expect(sessionState.value).toBe('in');
  });

  it.each(['over', 'signedOut'] as const)('(%s) is none where the cookie of a newer one comes', async (how) => {
    const asked = init();
    await loadSession();
    asked.mockResolvedValueOnce(nobody);
    expect(await later(followEnd(how))).toBe(true);
    expect([sessionState.value, signInOpen.value]).toEqual(['in', false]);
  });

  it('by an operator is asked about once', async () => {
    const asked = init();
    await loadSession();
    asked.mockClear().mockResolvedValue(nobody);
    expect(await followEnd('kicked')).toBe(false);
    expect(asked).toHaveBeenCalledOnce();
    expect(sessionEnded.value).toBe('kicked');
  });

  it('has no call run again for another user', async () => {
    const asked = init();
    await loadSession();
    asked.mockResolvedValue({ ...somebody, userId: 10_002 });
    const call = vi.fn().mockRejectedValue(refused);
    await expect(guarded(call)).rejects.toBe(refused);
    expect([call.mock.calls.length, user.value?.userId]).toEqual([1, 10_002]);
  });

  it('is left to the next call to find out where the server is away', async () => {
    const asked = init();
    await loadSession();
    asked.mockRejectedValue(new ApiError(0, ''));
    await expect(guarded(() => Promise.reject(refused))).rejects.toBe(refused);
    expect(sessionState.value).toBe('in');
  });

  it('is not what a wrong password means', async () => {
    const asked = init();
    await expect(guarded(() => Promise.reject(refused))).rejects.toBe(refused);
    expect(asked).not.toHaveBeenCalled();
  });
});

describe('a picture', () => {
  it.each([
    ['image/png', 1, null],
    ['image/webp', 1 << 20, null],
    ['image/jpeg', (1 << 20) + 1, 'size'],
    ['image/gif', 10, 'type'],
    ['', 10, 'type'],
    ['image/png', 0, 'type'],
  ])('%s of %i bytes', (type, size, problem) => {
    expect(avatarProblem({ type, size })).toBe(problem);
  });
});
