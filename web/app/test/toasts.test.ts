import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { ApiError } from '../src/api/http';
import { locale } from '../src/i18n';
import { useAction } from '../src/state/action';
import { toast, toastProblem, toasts } from '../src/state/toasts';

const texts = () => toasts.value.map((each) => each.text);

beforeEach(() => {
  vi.useFakeTimers();
  locale.value = 'en';
});

afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

it('are there for a while, the newest three', () => {
  for (const text of ['a', 'b', 'c', 'd']) toast(text);
  expect(texts()).toEqual(['b', 'c', 'd']);
  vi.advanceTimersByTime(5000);
  expect(texts()).toEqual([]);
});

it('take the place of those about the same', () => {
  toast('Saved');
  toast('Mia is muted.', 'info', 'user 7');
  toast('Saved');
  toast('Mia may write again.', 'info', 'user 7');
  expect(texts()).toEqual(['Saved', 'Mia may write again.']);
});

it('leave when what they say is over', () => {
  const takeBack = toastProblem('Not yet.');
  toast('else');
  takeBack();
  expect(texts()).toEqual(['else']);
});

it('of what a button failed at leave when it is pressed again, or gone', async () => {
  const scope = effectScope();
  const { run } = scope.run(() => useAction(toastProblem)) as ReturnType<typeof useAction>;
  const fail = () => Promise.reject(new ApiError(0, ''));
  await run(fail);
  expect(texts()).toHaveLength(1);
  await run(async () => {});
  expect(texts()).toEqual([]);
  await run(fail);
  scope.stop();
  expect(texts()).toEqual([]);
});
