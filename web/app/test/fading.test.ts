import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { useFading } from '../src/state/fading';

let scope = effectScope();

beforeEach(() => {
  vi.useFakeTimers();
  scope = effectScope();
});

afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

const on = (element: Element) => ({ target: element }) as unknown as Event;

it('takes what stands over a picture out of the way after a while, and brings it back with a touch', async () => {
  const isWatched = ref(true);
  const { isFaded, touch } = scope.run(() => useFading(isWatched)) as ReturnType<typeof useFading>;
  const [picture, button] = [document.createElement('div'), document.createElement('button')];
  vi.advanceTimersByTime(2900);
  expect(isFaded.value).toBe(false);
  touch(on(button));
  vi.advanceTimersByTime(2900);
  expect(isFaded.value).toBe(false);
  vi.advanceTimersByTime(200);
  expect(isFaded.value).toBe(true);
  touch(on(picture));
  expect(isFaded.value).toBe(false);
  touch(on(picture));
  expect(isFaded.value).toBe(true);
  // Without a picture it stays.
  isWatched.value = false;
  await nextTick();
  vi.advanceTimersByTime(10_000);
  expect(isFaded.value).toBe(false);
});
