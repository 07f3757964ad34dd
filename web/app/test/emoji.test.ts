import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type App, createApp, h, nextTick } from 'vue';
import EmojiPicker from '../src/components/EmojiPicker.vue';
import { type Emoji, emojiGroups, emojiOf, findEmoji, inTone, withRecent } from '../src/logic/emoji';
import { chooseTone, loadEmoji, recentEmoji } from '../src/state/emoji';

let all: readonly Emoji[] = [];
let app: App | null = null;

beforeEach(async () => {
  localStorage.clear();
  recentEmoji.value = [];
  all = await loadEmoji('en');
});

afterEach(() => {
  app?.unmount();
  app = null;
  document.body.replaceChildren();
  chooseTone('');
});

const named = (label: string) => all.find((emoji) => emoji.label === label) as Emoji;

describe('emoji', () => {
  it('stand in groups, all of them but the parts of others', () => {
    const grouped = emojiGroups.flatMap(({ group }) => emojiOf(all, group));
    expect(grouped.length).toBeGreaterThan(1800);
    for (const { group, sign } of emojiGroups)
      expect(emojiOf(all, group).map(({ unicode }) => unicode.replace('\ufe0f', ''))).toContain(
        sign.replace('\ufe0f', ''),
      );
  });

  it('are found by name and tags, in both languages', async () => {
    expect(findEmoji(all, 'red  HEART').map(({ unicode }) => unicode)).toContain('❤️');
    expect(findEmoji(await loadEmoji('zh'), '红心').length).toBeGreaterThan(0);
    expect(
      findEmoji(all, 'cat')
        .slice(0, 3)
        .every(({ label }) => label.startsWith('cat')),
    ).toBe(true);
    expect([findEmoji(all, ' ').length, findEmoji(all, 'zzzz').length]).toEqual([0, 0]);
    expect(findEmoji(all, 'a')).toHaveLength(60);
  });

  it('have the colour of skin that is chosen, where they have any', () => {
    expect([
      inTone(named('waving hand'), '🏽'),
      inTone(named('waving hand'), ''),
      inTone(named('fish'), '🏽').replace('\ufe0f', ''),
    ]).toEqual(['👋🏽', '👋', '🐟']);
    const couple = named('people holding hands');
    expect(inTone(couple, '🏿').match(/[\u{1f3fb}-\u{1f3ff}]/gu)).not.toContain('🏻');
  });

  it('that were taken last come first', () => {
    expect(withRecent(['🐟', '👋'], '👋')).toEqual(['👋', '🐟']);
    expect(
      withRecent(
        Array.from({ length: 40 }, (_, n) => `${n}`),
        'x',
      ),
    ).toHaveLength(27);
  });
});

describe('the picker', () => {
  async function mount() {
    const onChoose = vi.fn();
    const host = document.createElement('div');
    document.body.append(host);
    app = createApp({ render: () => h(EmojiPicker, { onChoose }) });
    app.mount(host);
    await vi.waitFor(() => expect(host.querySelectorAll('.grid button').length).toBeGreaterThan(0));
    return { host, onChoose };
  }

  const press = async (host: HTMLElement, label: string) => {
    host.querySelector<HTMLButtonElement>(`button[aria-label="${label}"]`)?.click();
    await nextTick();
  };

  it('gives an emoji in the colour that is chosen, and has it under recent ones next time', async () => {
    const { host, onChoose } = await mount();
    await press(host, 'Medium skin tone');
    await press(host, 'People');
    await press(host, 'waving hand');
    expect(onChoose).toHaveBeenCalledWith('👋🏽');
    app?.unmount();
    const again = await mount();
    expect([...again.host.querySelectorAll('.grid button')].map((button) => button.textContent?.trim())).toEqual([
      '👋🏽',
    ]);
  });

  it('finds by a word, and is left for one that nobody has', async () => {
    const { host } = await mount();
    const input = host.querySelector('input') as HTMLInputElement;
    const type = async (text: string) => {
      input.value = text;
      input.dispatchEvent(new Event('input'));
      await nextTick();
    };
    await type('fish');
    expect(host.querySelector('.grid')?.textContent).toContain('🐟');
    await type('zzzz');
    expect(host.querySelector('.grid')?.textContent).toContain('No emoji found');
  });

  it('is one stop for the Tab key, and arrows go on from there', async () => {
    const { host } = await mount();
    const buttons = () => [...host.querySelectorAll<HTMLButtonElement>('.grid button')];
    expect(buttons().filter((button) => button.tabIndex === 0)).toHaveLength(1);
    buttons()[0]?.focus();
    buttons()[0]?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }));
    await nextTick();
    await nextTick();
    expect(document.activeElement).toBe(buttons()[1]);
  });
});
