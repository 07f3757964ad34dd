import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApp, effectScope, nextTick } from 'vue';
import { ApiError } from '../src/api/http';
import AppToasts from '../src/components/AppToasts.vue';
import { locale } from '../src/i18n';
import { useAction } from '../src/state/action';
import { currentToast, dismiss, toast, toastProblem } from '../src/state/toasts';

const text = () => currentToast.value?.text ?? null;

beforeEach(() => {
  vi.useFakeTimers();
  locale.value = 'en';
});

afterEach(() => {
  while (currentToast.value) dismiss(currentToast.value.id);
  vi.useRealTimers();
});

it('are there one at a time, for a while, and sooner gone where others wait', () => {
  toast('a');
  vi.advanceTimersByTime(3900);
  expect(text()).toBe('a');
  vi.advanceTimersByTime(100);
  expect(text()).toBeNull();
  toast('b');
  toast('c');
  expect(text()).toBe('b');
  vi.advanceTimersByTime(1500);
  expect(text()).toBe('c');
  vi.advanceTimersByTime(4000);
  expect(text()).toBeNull();
});

it('make way at once for who waits, where they were there long enough', () => {
  toast('a');
  vi.advanceTimersByTime(2000);
  toast('b');
  vi.advanceTimersByTime(0);
  expect(text()).toBe('b');
});

it('of what is long over do not pile up', () => {
  for (const each of ['a', 'b', 'c', 'd', 'e']) toast(each);
  const seen = [text()];
  for (let n = 0; n < 3; n++) {
    vi.advanceTimersByTime(1500);
    seen.push(text());
  }
  expect(seen).toEqual(['a', 'd', 'e', 'e']);
});

it('of what went wrong are there for longer', () => {
  toastProblem('no');
  vi.advanceTimersByTime(6900);
  expect(text()).toBe('no');
  vi.advanceTimersByTime(100);
  expect(text()).toBeNull();
});

it('take the place of those about the same', () => {
  toast('Mia is muted.', 'info', 'user 7');
  toast('Saved');
  toast('Mia can chat again.', 'info', 'user 7');
  expect(text()).toBe('Mia can chat again.');
  vi.advanceTimersByTime(1500);
  expect(text()).toBe('Saved');
});

it('leave when what they say is over, whether or not it was their turn', () => {
  const takeBack = toastProblem('Not yet.');
  const takeOther = toast('else');
  toast('last');
  takeOther();
  takeBack();
  expect(text()).toBe('last');
});

it('of what a button failed at leave when it is pressed again, or gone', async () => {
  const scope = effectScope();
  const { run } = scope.run(() => useAction(toastProblem)) as ReturnType<typeof useAction>;
  const fail = () => Promise.reject(new ApiError(0, ''));
  await run(fail);
  expect(text()).toContain('Cannot reach the server');
  await run(async () => {});
  expect(text()).toBeNull();
  await run(fail);
  scope.stop();
  expect(text()).toBeNull();
  // It stands at a field.
  await useAction(toastProblem).run(fail, () => '');
  expect(text()).toBeNull();
});

it('are told as what they are: what went wrong at once, the rest when there is time', async () => {
  const host = document.createElement('div');
  const app = createApp(AppToasts);
  app.mount(host);
  const said = (role: string) => host.querySelector(`[role=${role}]`)?.textContent?.trim();
  // The regions are there before.
  expect([said('status'), said('alert')]).toEqual(['', '']);
  toast('Saved');
  await nextTick();
  expect([said('status'), said('alert')]).toEqual(['Saved', '']);
  if (currentToast.value) dismiss(currentToast.value.id);
  toastProblem('No');
  await nextTick();
  expect(said('alert')).toBe('No');
  app.unmount();
});
