import { afterEach, expect, it, vi } from 'vitest';
import { type App, createApp, h, nextTick, shallowRef } from 'vue';
import ChatComposer from '../src/components/ChatComposer.vue';

let app: App | null = null;
let places = 0;

afterEach(() => {
  app?.unmount();
  app = null;
  document.body.replaceChildren();
  localStorage.clear();
});

async function mount() {
  const onSend = vi.fn();
  const disabled = shallowRef(false);
  const composer = shallowRef<InstanceType<typeof ChatComposer> | null>(null);
  const host = document.createElement('div');
  document.body.append(host);
  app = createApp({
    render: () => h(ChatComposer, { ref: composer, where: `${++places}`, disabled: disabled.value, onSend }),
  });
  app.mount(host);
  await nextTick();
  const area = host.querySelector('textarea') as HTMLTextAreaElement;
  const write = async (text: string, at = text.length) => {
    area.value = text;
    area.dispatchEvent(new Event('input'));
    area.setSelectionRange(at, at);
    await nextTick();
  };
  const open = async () => {
    host.querySelector<HTMLButtonElement>('[aria-label="Choose an emoji"]')?.click();
    await vi.waitFor(() => expect(host.querySelectorAll('.grid button').length).toBeGreaterThan(0));
  };
  return { host, area, write, open, onSend, disabled, composer };
}

const key = (target: EventTarget | null, name: string) => {
  const event = new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true });
  target?.dispatchEvent(event);
  return event;
};

it('an emoji comes where the writer is, and the picker stays for another', async () => {
  const { host, area, write, open } = await mount();
  await write('ab', 1);
  await open();
  const first = host.querySelector<HTMLButtonElement>('.grid button');
  first?.click();
  await nextTick();
  expect(area.value).toBe(`a${first?.textContent?.trim()}b`);
  expect(host.querySelector('.picker')).not.toBeNull();
});

it('Enter in the search takes the best, and sends nothing', async () => {
  const { host, area, write, open, onSend } = await mount();
  await write('draft ');
  await open();
  const search = host.querySelector('.picker input') as HTMLInputElement;
  search.value = 'fish';
  search.dispatchEvent(new Event('input'));
  await vi.waitFor(() => expect(host.querySelector('.grid')?.textContent).toContain('🐟'));
  expect(key(search, 'Enter').defaultPrevented).toBe(true);
  await nextTick();
  expect([area.value.replace('\ufe0f', ''), onSend.mock.calls.length]).toEqual(['draft 🐟', 0]);
});

it('Escape ends the choosing wherever the focus is, and gives it back; a tap elsewhere leaves it', async () => {
  const { host, area, open } = await mount();
  await open();
  key(document.body, 'Escape');
  await nextTick();
  expect([host.querySelector('.picker'), document.activeElement]).toEqual([null, area]);
  area.blur();
  await open();
  document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }));
  await nextTick();
  expect([host.querySelector('.picker'), document.activeElement === area]).toEqual([null, false]);
});

it('the picker goes with the right to write, and does not come back with it', async () => {
  const { host, open, disabled } = await mount();
  await open();
  disabled.value = true;
  await nextTick();
  disabled.value = false;
  await nextTick();
  expect(host.querySelector('.picker')).toBeNull();
});

it.each([
  ['', 0, '@Bo '],
  ['hi', 2, 'hi @Bo '],
  ['hi there', 2, 'hi @Bo  there'],
])('a reply in %j is a word of its own', async (text, at, expected) => {
  const { area, write, composer } = await mount();
  if (text) await write(text, at);
  await composer.value?.begin('@Bo ');
  expect([area.value, document.activeElement === area]).toEqual([expected, true]);
});
