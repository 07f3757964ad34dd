import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApp, h, nextTick } from 'vue';
import type { FakeServer } from '../../sdk/test/fakes/fakeServer';
import ConnectionBanner from '../src/components/ConnectionBanner.vue';
import ConnectionPill from '../src/components/ConnectionPill.vue';
import { locale } from '../src/i18n';
import { connectionState, startConnection } from '../src/state/connection';
import { sendTo } from '../src/state/conversations';
import { forgetSession, loadSession } from '../src/state/session';
import { signedIn } from './signedIn';

let server: FakeServer;
const host = document.createElement('div');
const app = createApp({ render: () => [h(ConnectionBanner), h(ConnectionPill)] });

startConnection();

beforeEach(async () => {
  vi.useFakeTimers();
  locale.value = 'en';
  server = signedIn();
  app.mount(host);
  await loadSession();
  await pass(100);
});

afterEach(async () => {
  app.unmount();
  forgetSession();
  await pass(3000);
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await nextTick();
}

const away = 'Cannot reach the server. What you write is sent once it is back.';

it('says within seconds that the server is away, by a receipt that does not come or the browser, until it is back', async () => {
  expect(host.textContent).toBe('Connected');
  server.intercept = () => true;
  void sendTo(10_002, 'hello?');
  await pass(9500);
  expect(host.textContent).toContain('No answer');
  expect(host.textContent).toContain(away);
  server.refuse = 'unreachable';
  await pass(5000);
  expect(connectionState.value).toBe('reconnecting');
  expect(host.textContent).toContain(away);
  server.intercept = () => false;
  server.refuse = 'no';
  dispatchEvent(new Event('online'));
  await pass(100);
  expect(host.textContent).toBe('Connected');

  server.intercept = () => true;
  dispatchEvent(new Event('offline'));
  await pass(1500);
  expect(host.textContent).toContain(away);
});
