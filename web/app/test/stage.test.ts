import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Component, createApp, h, nextTick, ref, shallowRef } from 'vue';
import DanmakuLayer from '../src/components/DanmakuLayer.vue';
import DanmakuSettings from '../src/components/DanmakuSettings.vue';
import LikeButton from '../src/components/LikeButton.vue';
import RoomInfo from '../src/components/RoomInfo.vue';
import StageCard from '../src/components/StageCard.vue';
import { locale } from '../src/i18n';
import { type DanmakuLook, defaultLook } from '../src/logic/danmakuLook';
import { readSetting } from '../src/platform/settings';
import { changeDanmaku, danmakuLook, danmakuOn, toggleDanmaku } from '../src/state/danmaku';
import { chooseLessMotion, lessMotion } from '../src/state/motion';

let unmount = () => {};

function mount(component: Component, props: () => Record<string, unknown>): HTMLElement {
  const host = document.createElement('div');
  document.body.append(host);
  const app = createApp({ render: () => h(component, props()) });
  app.mount(host);
  unmount = () => {
    app.unmount();
    host.remove();
  };
  return host;
}

const started = 1_700_000_000_000;

/** As much of a room as what is drawn here asks for. */
function roomOf(change: object = {}) {
  let tell = (_: number) => {};
  const room = {
    config: shallowRef({
      roomId: 7,
      anchorId: 10_002,
      roomName: 'Night noodles',
      anchorNickName: 'Mia',
      anchorImg: '/avatar/10002.svg',
      startTime: started,
      announcement: '',
      ...change,
    }),
    viewers: ref(31),
    peak: ref(84),
    likes: ref(588),
    canLike: ref(true),
    isAnchor: ref(false),
    like: vi.fn(),
    onLikes: (handler: (count: number) => void) => {
      tell = handler;
      return () => {};
    },
  };
  return { room, tellLikes: (count: number) => tell(count) };
}

beforeEach(() => {
  locale.value = 'en';
  localStorage.clear();
  changeDanmaku(defaultLook);
  chooseLessMotion(false);
});

afterEach(() => {
  unmount();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a stage without a picture', () => {
  it('has whose it is, what it is about, and how it is going, as it changes', async () => {
    vi.useFakeTimers({ now: started + 12 * 60_000 });
    const { room } = roomOf();
    const host = mount(StageCard, () => ({ room, roomId: 7, name: 'Mia' }));
    expect(host.querySelector('.title')?.textContent).toBe('Night noodles');
    expect(host.querySelector('.by')?.textContent).toBe('with Mia');
    expect(host.querySelector('img')?.getAttribute('src')).toBe('./avatar/10002.svg');
    const facts = () => [...host.querySelectorAll('.facts li')].map((fact) => fact.textContent?.trim());
    expect(facts()).toEqual(['Open for 12 min', 'Peak 84', '588 likes']);
    room.peak.value = 90;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(facts()).toEqual(['Open for 13 min', 'Peak 90', '588 likes']);
  });

  it('says a name once where the room is called like its anchor', () => {
    const { room } = roomOf({ roomName: 'Mia' });
    const host = mount(StageCard, () => ({ room, roomId: 7, name: 'Mia' }));
    expect(host.querySelector('.by')).toBeNull();
  });
});

describe('what stands below a stage', () => {
  it('is the room, with what the anchor has to say where that stands nowhere else', () => {
    const { room } = roomOf();
    const host = mount(RoomInfo, () => ({ room, roomId: 7, heading: 'h1', announcement: '<b>Soup</b>' }));
    expect(host.querySelector('h1')?.textContent).toBe('Night noodles');
    expect(host.querySelector('.name')?.textContent).toBe('Mia');
    expect(host.querySelector('.announcement')?.textContent).toBe('<b>Soup</b>');
    expect(host.querySelector('button, b')).toBeNull();
  });

  it('says nothing of a room that is on its way', () => {
    const { room } = roomOf();
    room.config.value = null as never;
    const host = mount(RoomInfo, () => ({ room, roomId: 7, heading: 'h1', announcement: '' }));
    expect([host.querySelector('h1'), host.querySelectorAll('.bone').length]).toEqual([null, 3]);
  });

  it('leads its anchor to changing it', () => {
    const { room } = roomOf();
    room.isAnchor.value = true;
    const onEdit = vi.fn();
    const host = mount(RoomInfo, () => ({ room, roomId: 7, heading: 'h1', announcement: '', onEdit }));
    host.querySelector<HTMLButtonElement>('[aria-label="Edit the room"]')?.click();
    expect(onEdit).toHaveBeenCalledOnce();
  });
});

describe('likes', () => {
  const mountLikes = (room: object) => mount(LikeButton, () => ({ room, known: true }));
  const press = async (host: HTMLElement, times: number) => {
    for (let n = 0; n < times; n++) host.querySelector('button')?.click();
    await nextTick();
  };

  it('are counted while they are given quickly, and anew after a pause', async () => {
    vi.useFakeTimers();
    const { room } = roomOf();
    const host = mountLikes(room);
    const combo = () => host.querySelector('.combo')?.textContent;
    await press(host, 2);
    expect(combo()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1400);
    await press(host, 3);
    expect(combo()).toBe('×5');
    await vi.advanceTimersByTimeAsync(1500);
    expect(combo()).toBeUndefined();
    await press(host, 3);
    expect(combo()).toBe('×3');
    expect(room.like).toHaveBeenCalledTimes(8);
  });

  it('that cannot be given are not counted', async () => {
    const { room } = roomOf();
    room.canLike.value = false;
    const host = mountLikes(room);
    await press(host, 5);
    expect([host.querySelector('.combo'), host.querySelector('.heart'), room.like.mock.calls.length]).toEqual([
      null,
      null,
      0,
    ]);
  });

  it('of others fly one after the other, and apart from one’s own', async () => {
    vi.useFakeTimers();
    const { room, tellLikes } = roomOf();
    const host = mountLikes(room);
    const hearts = () => [...host.querySelectorAll('.heart')].map((heart) => heart.classList.contains('own'));
    tellLikes(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(hearts()).toEqual([false]);
    await press(host, 1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(hearts()).toEqual([false, true, false]);
  });

  it('do not fly for who wants less motion, and are given all the same', async () => {
    vi.useFakeTimers();
    chooseLessMotion(true);
    const { room, tellLikes } = roomOf();
    const host = mountLikes(room);
    tellLikes(3);
    await press(host, 1);
    await vi.advanceTimersByTimeAsync(1000);
    expect([host.querySelector('.heart'), room.like.mock.calls.length]).toEqual([null, 1]);
  });
});

describe('messages over the stage', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  function mountLayer(look: Partial<DanmakuLook> = {}, still = false, height = 600, around?: Element) {
    const layer = shallowRef<InstanceType<typeof DanmakuLayer> | null>(null);
    const host = mount(DanmakuLayer, () => ({
      ref: layer,
      look: { ...defaultLook, ...look },
      still,
      around: () => around ?? null,
    }));
    const element = host.querySelector('.layer') as HTMLElement;
    // happy-dom has no layout.
    Object.defineProperty(element, 'clientWidth', { get: () => 1000 });
    Object.defineProperty(element, 'clientHeight', { get: () => height });
    const fly = async (...texts: string[]) => {
      for (const text of texts) layer.value?.fly(text, false);
      await beat();
    };
    const beat = () => vi.advanceTimersByTimeAsync(130);
    const shown = () => [...host.querySelectorAll('.text')].map((text) => text.textContent);
    return { element, layer, fly, beat, shown };
  }

  const many = Array.from({ length: 300 }, (_, n) => `text ${n}`);

  it.each([
    // 484 are free of controls: lanes of 34 in a half of it.
    [{}, 7],
    [{ area: 'quarter' }, 3],
    [{ area: 'whole' }, 14],
    [{ area: 'whole', size: 'large' }, 11],
    [{ area: 'whole', density: 'few' }, 12],
    [{ density: 'all' }, 7],
  ] as const)('of %o are at most %i at once', async (look, most) => {
    const { fly, shown } = mountLayer(look);
    await fly(...many);
    expect(shown()).toHaveLength(most);
  });

  it('leave free what stands there in the place of a picture', async () => {
    const card = document.createElement('div');
    card.getBoundingClientRect = () => new DOMRect(0, 200, 500, 200);
    const { element, fly } = mountLayer({ area: 'whole' }, false, 600, card);
    await fly(...many);
    const lanes = [...element.children].map((text) => Number((text as HTMLElement).style.getPropertyValue('--lane')));
    // From 60 on they are 34 high each.
    expect(lanes).toEqual([0, 1, 2, 3, 10, 11, 12, 13]);
  });

  it('are put there at once, however many came, with what is over taken away', async () => {
    const { element, fly, beat } = mountLayer({ density: 'all', area: 'whole' });
    const append = vi.spyOn(element, 'append');
    await fly('one', 'two', 'three');
    expect(append).toHaveBeenCalledOnce();
    element.firstElementChild?.dispatchEvent(new Event('animationend'));
    await beat();
    expect([...element.children].map((text) => text.textContent)).toEqual(['two', 'three']);
  });

  it('are as clear and as large as they were chosen', () => {
    const { element } = mountLayer({ opacity: 40, size: 'large' });
    expect(element.style.getPropertyValue('--opacity')).toBe('0.4');
    expect(element.style.getPropertyValue('--letter')).toBe('24px');
  });

  it('leave out what has a blocked word in it, but for one’s own', async () => {
    const { layer, fly, beat, shown } = mountLayer({ blocked: ['spoiler'] });
    await fly('a SPOILER', 'a joke');
    layer.value?.fly('my spoiler', true);
    await beat();
    expect(shown()).toEqual(['a joke', 'my spoiler']);
  });

  it('stand still for a while for who wants less motion', async () => {
    const { element, fly, shown } = mountLayer({ density: 'all' }, true);
    await fly(...many);
    expect([element.classList.contains('still'), shown().length]).toEqual([true, 7]);
    await vi.advanceTimersByTimeAsync(4700);
    expect(shown()).toHaveLength(7);
    await vi.advanceTimersByTimeAsync(400);
    await fly('another');
    expect(shown()).toEqual(['another']);
  });

  it('are there until somebody does not want them, and none come by themselves for who wants less motion', () => {
    expect(danmakuOn.value).toBe(true);
    chooseLessMotion(true);
    expect(danmakuOn.value).toBe(false);
    toggleDanmaku();
    expect([danmakuOn.value, readSetting('danmaku')]).toEqual([true, 'on']);
    chooseLessMotion(false);
    toggleDanmaku();
    expect([danmakuOn.value, readSetting('danmaku')]).toEqual([false, 'off']);
    toggleDanmaku();
  });
});

describe('the settings of the stage', () => {
  it('are kept in the browser as they are chosen', async () => {
    const host = mount(DanmakuSettings, () => ({ opener: null }));
    const choose = (text: string) => {
      const option = [...host.querySelectorAll('label')].find((label) => label.textContent?.trim() === text);
      const input = option?.querySelector('input') as HTMLInputElement;
      input.checked = true;
      input.dispatchEvent(new Event('change'));
    };
    for (const text of ['Large', 'Whole', 'Many']) choose(text);
    const range = host.querySelector('[type=range]') as HTMLInputElement;
    range.value = '50';
    range.dispatchEvent(new Event('input'));
    expect(JSON.parse(readSetting('danmaku.look') ?? '')).toEqual({
      opacity: 50,
      size: 'large',
      area: 'whole',
      density: 'all',
      blocked: [],
    });
  });

  it('take words to block, and give them back', async () => {
    const host = mount(DanmakuSettings, () => ({ opener: null }));
    const word = host.querySelector('form input') as HTMLInputElement;
    for (const text of ['spoiler', ' Spoiler ', '剧透']) {
      word.value = text;
      word.dispatchEvent(new Event('input'));
      host.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
      await nextTick();
    }
    expect([danmakuLook.value.blocked, word.value]).toEqual([['spoiler', '剧透'], '']);
    host.querySelector<HTMLButtonElement>('[aria-label="Unblock: spoiler"]')?.click();
    await nextTick();
    expect([...host.querySelectorAll('.words li')].map((each) => each.textContent?.trim())).toEqual(['剧透']);
  });

  it('let somebody have less motion', () => {
    const host = mount(DanmakuSettings, () => ({ opener: null }));
    const box = host.querySelector('[type=checkbox]') as HTMLInputElement;
    expect(box.checked).toBe(false);
    box.checked = true;
    box.dispatchEvent(new Event('change'));
    expect(lessMotion.value).toBe(true);
  });

  it('are a dialog with the focus, which Escape closes, and a press elsewhere but on what opened it leaves', () => {
    const [onClose, onLeave, opener] = [vi.fn(), vi.fn(), document.createElement('button')];
    document.body.append(opener);
    const host = mount(DanmakuSettings, () => ({ opener, onClose, onLeave }));
    expect(document.activeElement).toBe(host.querySelector('[role=dialog]'));
    for (const target of [opener, host.querySelector('h2')])
      target?.dispatchEvent(new Event('pointerdown', { bubbles: true }));
    expect(onLeave).not.toHaveBeenCalled();
    document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }));
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    expect([onLeave.mock.calls.length, onClose.mock.calls.length]).toEqual([1, 1]);
    opener.remove();
  });
});
