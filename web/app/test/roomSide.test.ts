import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Component, createApp, h, nextTick, ref, shallowRef } from 'vue';
import { FrameCode as Code } from '../../sdk/src/wire/frames';
import { type FakeServer, me } from '../../sdk/test/fakes/fakeServer';
import { ApiError } from '../src/api/http';
import { pageApi, type RoomPerson } from '../src/api/page';
import ArrivalsLine from '../src/components/ArrivalsLine.vue';
import MembersList from '../src/components/MembersList.vue';
import RoomTabs from '../src/components/RoomTabs.vue';
import { locale } from '../src/i18n';
import { client, startConnection } from '../src/state/connection';
import { usePutAway } from '../src/state/putAway';
import { forgetSession, loadSession } from '../src/state/session';
import { signedIn } from './signedIn';

const roomId = 7;
const anchorId = 10_002;
let unmount = () => {};

startConnection();

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

beforeEach(() => {
  locale.value = 'en';
  localStorage.clear();
  vi.useFakeTimers();
});

afterEach(async () => {
  unmount();
  forgetSession();
  await vi.advanceTimersByTimeAsync(3000);
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function signIn(): Promise<FakeServer> {
  const server = signedIn();
  server.roomState = { stream: 'off', width: 0, height: 0, title: 'Bo', announcement: '' };
  await loadSession();
  await vi.advanceTimersByTimeAsync(100);
  return server;
}

describe('tabs', () => {
  const tabs = [
    { name: 'chat', text: 'Chat' },
    { name: 'members', text: 'Members' },
  ];

  it('are chosen by a press and by arrows, and reached by Tab as one', async () => {
    const chosen = ref('chat');
    const onChoose = (name: string) => {
      chosen.value = name;
    };
    const host = mount(RoomTabs, () => ({ label: 'Beside', prefix: 'p', tabs, chosen: chosen.value, onChoose }));
    const all = () => [...host.querySelectorAll<HTMLElement>('[role=tab]')];
    const state = () => all().map((tab) => [tab.ariaSelected ?? tab.getAttribute('aria-selected'), tab.tabIndex]);
    expect(host.querySelector('[role=tablist]')?.getAttribute('aria-label')).toBe('Beside');
    expect(all()[1]?.getAttribute('aria-controls')).toBe('p-panel-members');
    expect(state()).toEqual([
      ['true', 0],
      ['false', -1],
    ]);
    all()[1]?.click();
    await nextTick();
    expect(state()).toEqual([
      ['false', -1],
      ['true', 0],
    ]);
    all()[1]?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }));
    await nextTick();
    await nextTick();
    expect([chosen.value, document.activeElement === all()[0]]).toEqual(['chat', true]);
  });
});

describe('members', () => {
  const person = (userId: number, nickName = `n${userId}`): RoomPerson => ({ userId, nickName, avatar: '' });
  const room = { config: shallowRef({ anchorId }), phase: ref('open') };

  function mountMembers() {
    const onChoose = vi.fn();
    const host = mount(MembersList, () => ({ room, roomId, onChoose }));
    const names = () => [...host.querySelectorAll('li')].map((li) => li.textContent?.trim().replace(/\s+/g, ' '));
    return { host, onChoose, names };
  }

  it('are listed with the anchor first, without a menu for oneself, and guests are a number', async () => {
    await signIn();
    vi.spyOn(pageApi, 'members').mockResolvedValue({
      list: [person(me, 'me'), person(10_005, ''), person(anchorId, 'Mia')],
      guests: 3,
    });
    const { host, names, onChoose } = mountMembers();
    await vi.advanceTimersByTimeAsync(0);
    expect(names()).toEqual(['MiaHost', 'meYou', 'User 10005'].map((text) => expect.stringContaining(text)));
    expect(host.querySelector('.guests')?.textContent).toBe('Guests: 3');
    const buttons = [...host.querySelectorAll('button')];
    expect(buttons.map((button) => button.title)).toEqual(['Options for Mia', 'Options for User 10005']);
    buttons[0]?.click();
    expect(onChoose).toHaveBeenCalledExactlyOnceWith(person(anchorId, 'Mia'));
  });

  it('are asked for anew while they are shown, and not later', async () => {
    await signIn();
    const asked = vi.spyOn(pageApi, 'members').mockResolvedValue({ list: [person(me)], guests: 0, cursor: null });
    const { names } = mountMembers();
    await vi.advanceTimersByTimeAsync(0);
    asked.mockResolvedValue({ list: [person(me), person(10_009)], guests: 0, cursor: null });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(names()).toHaveLength(2);
    unmount();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('of a full room come page by page, and stay for who has read on', async () => {
    await signIn();
    const asked = vi
      .spyOn(pageApi, 'members')
      .mockImplementation(async (_, cursor = 0) =>
        cursor === 0
          ? { list: [person(10_010)], guests: 0, cursor: 10_010 }
          : { list: [person(10_020)], guests: 0, cursor: null },
      );
    const { host, names } = mountMembers();
    await vi.advanceTimersByTimeAsync(0);
    const more = () => host.querySelector<HTMLButtonElement>('.more');
    more()?.click();
    await vi.advanceTimersByTimeAsync(0);
    expect([names().length, more()]).toEqual([2, null]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect([names().length, asked.mock.calls.length]).toEqual([2, 2]);
  });

  it('that could not be loaded are asked for once more', async () => {
    await signIn();
    const asked = vi.spyOn(pageApi, 'members').mockRejectedValueOnce(new ApiError(0, 'away'));
    const { host, names } = mountMembers();
    await vi.advanceTimersByTimeAsync(0);
    expect(host.querySelector('[role=alert]')?.textContent).toContain('could not be loaded');
    asked.mockResolvedValue({ list: [person(me)], guests: 0, cursor: null });
    host.querySelector('button')?.click();
    await vi.advanceTimersByTimeAsync(0);
    expect(names()).toHaveLength(1);
  });

  it('are not told to guests', async () => {
    vi.spyOn(pageApi, 'init').mockResolvedValue({ loginStatus: false });
    await loadSession();
    const asked = vi.spyOn(pageApi, 'members');
    const { host } = mountMembers();
    await vi.advanceTimersByTimeAsync(20_000);
    expect([host.textContent, asked.mock.calls.length]).toEqual([expect.stringContaining('Sign in to see'), 0]);
  });
});

describe('who comes', () => {
  async function enter() {
    const server = await signIn();
    const host = mount(ArrivalsLine, () => ({ roomId }));
    void client.value?.join(roomId);
    await vi.advanceTimersByTimeAsync(100);
    const come = async (...joined: string[]) => {
      const data = JSON.stringify({ roomId, event: 'state', joined });
      server.send(Code.message, { bizCode: 5574, msgId: `j${joined}`, data });
      await nextTick();
    };
    return { host, come, line: () => host.querySelector('p')?.textContent };
  }

  it('is told in one line, however many they are, with the last one first', async () => {
    const { come, line } = await enter();
    expect(line()).toBeUndefined();
    await come('Jonas');
    expect(line()).toBe('Jonas came in');
    await come('小美');
    expect(line()).toBe('小美 and Jonas came in');
    await come('Ines', 'Jonas');
    expect(line()).toBe('Jonas and 2 others came in');
  });

  it('is not told for long, and the line keeps its place', async () => {
    const { come, line } = await enter();
    await come('Jonas');
    await vi.advanceTimersByTimeAsync(8000);
    expect(line()).toBe('');
    await come('Ines');
    expect(line()).toBe('Ines came in');
  });

  it('is not the reader', async () => {
    const { come, line } = await enter();
    await come('me');
    expect(line()).toBeUndefined();
  });
});

describe('an announcement', () => {
  it('that was put away stays so in its room as long as it says the same', () => {
    const here = usePutAway(roomId);
    here.putAway('Soup at eight');
    expect([here.isPutAway('Soup at eight'), here.isPutAway('Soup at nine')]).toEqual([true, false]);
    expect(usePutAway(8).isPutAway('Soup at eight')).toBe(false);
    for (let room = 100; room < 119; room++) usePutAway(room).putAway('x');
    expect(here.isPutAway('Soup at eight')).toBe(true);
    usePutAway(200).putAway('x');
    expect(here.isPutAway('Soup at eight')).toBe(false);
  });

  it('is remembered when the page is loaded anew', async () => {
    usePutAway(roomId).putAway('Soup at eight');
    vi.resetModules();
    const again = await import('../src/state/putAway');
    expect(again.usePutAway(roomId).isPutAway('Soup at eight')).toBe(true);
    localStorage.setItem('sailfish.announcements', '{"no":"list"}');
    vi.resetModules();
    const broken = await import('../src/state/putAway');
    expect(broken.usePutAway(roomId).isPutAway('Soup at eight')).toBe(false);
  });
});
