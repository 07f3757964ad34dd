import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../src/api/http';
import { pageApi } from '../src/api/page';
import { locale } from '../src/i18n';
import { avatarProblem } from '../src/logic/avatarFile';
import { useAction } from '../src/state/action';
import { forgetSession, loadSession, sessionEnded, sessionState, signInOpen, startSession } from '../src/state/session';

const somebody = { loginStatus: true, userId: 10_001, nickName: 'me', avatar: '' };

beforeEach(() => {
  locale.value = 'en';
});

afterEach(() => {
  forgetSession();
  signInOpen.value = false;
  vi.restoreAllMocks();
});

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
    expect([busy.value, error.value]).toEqual([false, 'Too often. Wait a little and try again.']);
    expect(tell).toHaveBeenCalledExactlyOnceWith(error.value);
    expect(await run(async () => {})).toBe(true);
    expect(error.value).toBe('');
  });

  it('leads to signing in when the session is over', async () => {
    vi.spyOn(pageApi, 'init').mockResolvedValue(somebody);
    await loadSession();
    await useAction().run(() => Promise.reject(new ApiError(401, '')));
    expect([sessionState.value, signInOpen.value, sessionEnded.value]).toEqual(['out', true, 'over']);
  });
});

describe('a session', () => {
  it('ends here when somebody signs out in another tab', async () => {
    startSession();
    const init = vi.spyOn(pageApi, 'init').mockResolvedValue(somebody);
    await loadSession();
    init.mockResolvedValue({ loginStatus: false });
    dispatchEvent(new StorageEvent('storage', { key: 'sailfish.theme' }));
    expect(init).toHaveBeenCalledOnce();
    dispatchEvent(new StorageEvent('storage', { key: 'sailfish.session' }));
    await vi.waitFor(() => expect(sessionState.value).toBe('out'));
    expect(signInOpen.value).toBe(false);
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
