import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApp, nextTick, ref } from 'vue';
import UserDialog from '../src/components/UserDialog.vue';
import { locale } from '../src/i18n';
import { currentToast, dismiss } from '../src/state/toasts';

const bo = {
  key: 'e1',
  msgId: 'm1',
  clientMsgId: null,
  seq: 1,
  time: 0,
  senderId: 10_002,
  name: 'Bo',
  avatar: null,
  content: 'hello',
  own: false,
  status: 'sent',
  error: null,
  retryAfterMs: null,
} as const;
let unmount = () => {};

beforeEach(() => {
  locale.value = 'en';
});

afterEach(() => {
  unmount();
  unmount = () => {};
  document.body.replaceChildren();
  while (currentToast.value) dismiss(currentToast.value.id);
});

function open(isAnchor: boolean) {
  const at = document.createElement('button');
  const host = document.createElement('div');
  document.body.append(at, host);
  at.getBoundingClientRect = () => ({ left: 40, top: 200, bottom: 220 }) as DOMRect;
  at.focus();
  const done = vi.fn(async () => {});
  const room = { isAnchor: ref(isAnchor), muted: ref(new Set<number>()), mute: done, unmute: done, remove: done };
  const onClose = vi.fn();
  const app = createApp(UserDialog, { entry: bo, room, at, onClose });
  app.mount(host);
  unmount = () => {
    app.unmount();
    unmount = () => {};
  };
  const dialog = host.querySelector('dialog') as HTMLDialogElement;
  const press = async (name: string) => {
    const buttons = [...host.querySelectorAll('button')];
    buttons.find((button) => (button.getAttribute('aria-label') ?? button.textContent?.trim()) === name)?.click();
    await nextTick();
    await nextTick();
  };
  return { at, dialog, done, onClose, press };
}

it('stands beside what was said, and gives the focus back', () => {
  const { at, dialog } = open(false);
  expect([dialog.style.left, dialog.style.top]).toEqual(['40px', '226px']);
  expect(dialog.textContent).not.toContain('Mute');
  unmount();
  expect(document.activeElement).toBe(at);
});

it('leads to the heading of what is in view where what opened it is gone', () => {
  const { at } = open(false);
  const content = document.createElement('main');
  content.id = 'content';
  const heading = document.createElement('h1');
  content.append(heading);
  document.body.append(content);
  at.remove();
  unmount();
  expect(document.activeElement).toBe(heading);
});

it('mutes for as long as its reader says, at once', async () => {
  const { done, press, onClose } = open(true);
  await press('Mute for 1 h');
  expect(done).toHaveBeenCalledExactlyOnceWith(bo.senderId, 3600);
  await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  expect(currentToast.value?.text).toBe('Bo is muted.');
});

it('removes after it was asked for how long, with the way back in the focus', async () => {
  const { dialog, done, press } = open(true);
  await press('Remove from room');
  expect(done).not.toHaveBeenCalled();
  expect(document.activeElement?.textContent?.trim()).toBe('Cancel');
  expect(dialog.querySelector('h2')?.textContent).toBe('Remove Bo?');
  await press('Remove for 1 day');
  expect(done).toHaveBeenCalledExactlyOnceWith(bo.senderId, 86_400);
});
