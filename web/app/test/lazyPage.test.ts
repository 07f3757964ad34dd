import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApp, defineComponent, h } from 'vue';
import { lazyPage } from '../src/components/lazyPage';
import { locale } from '../src/i18n';

/** As a module is: Vue takes anything else for the component itself. */
const page = { default: defineComponent({ render: () => h('h1', 'there') }), [Symbol.toStringTag]: 'Module' };

beforeEach(() => {
  vi.useFakeTimers();
  locale.value = 'en';
  // Vue says that a component was not to be had.
  vi.spyOn(console, 'error').mockReturnValue();
  vi.spyOn(console, 'warn').mockReturnValue();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function show(load: () => Promise<typeof page>, ms: number): Promise<string> {
  const host = document.createElement('div');
  const app = createApp(lazyPage(load));
  app.config.errorHandler = () => {};
  app.mount(host);
  await vi.advanceTimersByTimeAsync(ms);
  const text = host.textContent ?? '';
  app.unmount();
  return text;
}

it('a page that comes late has bones until then', async () => {
  const slow = () => new Promise<typeof page>((resolve) => setTimeout(() => resolve(page), 1000));
  expect(await show(slow, 100)).toBe('');
  expect(await show(slow, 500)).toContain('Loading');
  expect(await show(slow, 1100)).toBe('there');
});

it('a page that is not to be had is tried again by itself, then its reader is told', async () => {
  const load = vi.fn().mockRejectedValueOnce(new Error('away')).mockResolvedValue(page);
  expect(await show(load, 1500)).toBe('there');
  const never = vi.fn().mockRejectedValue(new Error('away'));
  expect(await show(never, 5000)).toContain('Could not load this page');
  expect(never).toHaveBeenCalledTimes(3);
});
