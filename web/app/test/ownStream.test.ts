import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Component, createApp, effectScope, h, nextTick } from 'vue';
import { FrameCode as Code } from '../../sdk/src/wire/frames';
import { type FakeServer, me } from '../../sdk/test/fakes/fakeServer';
import { pageApi } from '../src/api/page';
import CockpitBar from '../src/components/CockpitBar.vue';
import StreamSummary from '../src/components/StreamSummary.vue';
import { locale } from '../src/i18n';
import { startConnection } from '../src/state/connection';
import { liveRoom, startLiveRoom } from '../src/state/liveRoom';
import { ownStream, perMinute, startOwnStream } from '../src/state/ownStream';
import { type Room, useRoom } from '../src/state/room';
import { forgetSession, loadSession } from '../src/state/session';
import { signedIn } from './signedIn';

/** Another for each test, as on a server. */
let roomId = 6;
const startTime = 1_000_000;
const begun = startTime + 60_000;
let server: FakeServer;
let scope = effectScope();
let unmount = () => {};

const config = () => ({
  roomId,
  anchorId: me,
  userId: me,
  anchor: true,
  roomName: 'Bo',
  viewers: 4,
  peak: 9,
  likes: 12,
  startTime,
  stream: 'off',
});

startLiveRoom();
startOwnStream();
startConnection();

beforeEach(async () => {
  roomId++;
  localStorage.clear();
  locale.value = 'en';
  vi.useFakeTimers({ now: begun });
  server = signedIn();
  vi.spyOn(pageApi, 'anchorConfig').mockResolvedValue(config() as never);
  vi.spyOn(pageApi, 'restrictions').mockResolvedValue({ muted: [], removed: [] });
  scope = effectScope();
  await loadSession();
});

afterEach(async () => {
  unmount();
  unmount = () => {};
  scope.stop();
  forgetSession();
  await pass(3000);
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function pass(ms = 30): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

async function enter(): Promise<Room> {
  const room = scope.run(() => useRoom(roomId)) as Room;
  await pass(100);
  return room;
}

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

function tell(bizCode: number, data: object): void {
  server.send(Code.message, { bizCode, msgId: `x${bizCode}`, data: JSON.stringify({ roomId, ...data }) });
}

const said = (host: HTMLElement, what: string) => host.querySelector(what)?.textContent?.replace(/\s+/g, ' ').trim();

describe('the own stream', () => {
  it('has the figures of the server, what is said from now on, and goes on while its host is elsewhere', async () => {
    for (let n = 0; n < 40; n++) server.sayIn(roomId, 'before');
    await enter();
    expect(ownStream.value).toMatchObject({ startTime, viewers: 4, peak: 9, likes: 12, messages: 40, recent: [] });
    server.sayIn(roomId, 'now');
    tell(5571, { event: 'likes', likes: 30 });
    await pass();
    scope.stop();
    server.sayIn(roomId, 'and now');
    await pass();
    expect(ownStream.value).toMatchObject({ likes: 30, messages: 42 });
    if (!ownStream.value) throw new Error('There is none.');
    expect([perMinute(ownStream.value, Date.now()), perMinute(ownStream.value, Date.now() + 60_000)]).toEqual([2, 0]);
  });

  it('counts what its host says, once', async () => {
    const room = await enter();
    await room.send('hello');
    await pass();
    expect(ownStream.value).toMatchObject({ messages: 1 });
    expect(ownStream.value?.recent).toHaveLength(1);
  });

  it('has a curve of its viewers and their peak', async () => {
    server.roomState = { stream: 'live', width: 0, height: 0, title: 'Bo', announcement: '' };
    await enter();
    tell(5574, { event: 'state', viewers: 31 });
    await pass(11_000);
    tell(5574, { event: 'state', viewers: 3 });
    expect(ownStream.value).toMatchObject({ viewers: 3, peak: 31, stream: 'live' });
    expect(ownStream.value?.curve.points).toEqual([31, 31, 31]);
  });

  it('keeps its figures after the end, until there is another', async () => {
    await enter();
    server.sayIn(roomId, 'hello');
    tell(5570, { event: 'room_closed' });
    await pass();
    expect(liveRoom.value).toBeNull();
    expect(ownStream.value).toMatchObject({ roomId, messages: 1 });
  });

  it('asks who would leave the page while it goes on', async () => {
    const asks = () => !dispatchEvent(new Event('beforeunload', { cancelable: true }));
    expect(asks()).toBe(false);
    await enter();
    expect(asks()).toBe(true);
    tell(5570, { event: 'room_closed' });
    await pass();
    expect(asks()).toBe(false);
  });
});

describe('the cockpit', () => {
  const bo = { userId: 10_002, nickName: 'Bo', avatar: '' };
  const al = { userId: 10_003, nickName: '', avatar: '' };

  it('says how it goes, and lists who is kept from what, with a way to take that back', async () => {
    const asked = vi.spyOn(pageApi, 'restrictions');
    asked.mockResolvedValue({
      muted: [{ ...bo, until: begun + 599_000 }],
      removed: [{ ...al, until: begun + 3_600_000 }],
    });
    const unmute = vi.spyOn(pageApi, 'unmute').mockResolvedValue({});
    const unremove = vi.spyOn(pageApi, 'unremove').mockResolvedValue({});
    const room = await enter();
    const host = mount(CockpitBar, () => ({ own: ownStream.value }));
    await pass(0);
    expect(said(host, '.figures')).toContain('1:00');
    for (const figure of ['4 watching', 'peak 9', '12 likes', '0/min'])
      expect(said(host, '.figures')).toContain(figure);
    // At the message too it is known who is muted, also after the page was loaded anew.
    expect([...room.muted.value]).toEqual([bo.userId]);
    host.querySelector<HTMLButtonElement>('.toggle')?.click();
    await pass(0);
    const undo = [...host.querySelectorAll<HTMLButtonElement>('.panel li button')];
    expect(undo.map((button) => button.getAttribute('aria-label'))).toEqual(['Unmute: Bo', 'Let back in: User 10003']);
    expect(said(host, '.panel li')).toContain('9:59 left');
    asked.mockResolvedValue({ muted: [], removed: [] });
    for (const button of undo) button.click();
    await pass(0);
    expect(unmute).toHaveBeenCalledExactlyOnceWith(roomId, bo.userId);
    expect(unremove).toHaveBeenCalledExactlyOnceWith(roomId, al.userId);
    for (const nobody of ['Nobody is muted.', 'Nobody is kept out.']) expect(said(host, '.people')).toContain(nobody);
  });

  it('closes its details on Escape, with the focus where they were opened', async () => {
    await enter();
    const host = mount(CockpitBar, () => ({ own: ownStream.value }));
    const toggle = host.querySelector<HTMLButtonElement>('.toggle');
    toggle?.click();
    await nextTick();
    expect(toggle?.getAttribute('aria-expanded')).toBe('true');
    host.querySelector('.panel')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await nextTick();
    expect([host.querySelector('.panel'), document.activeElement]).toEqual([null, toggle]);
  });

  it('asks for the restrictions while it is there, and not after', async () => {
    const asked = vi.spyOn(pageApi, 'restrictions').mockResolvedValue({ muted: [], removed: [] });
    await enter();
    mount(CockpitBar, () => ({ own: ownStream.value }));
    await pass(31_000);
    expect(asked).toHaveBeenCalledTimes(3);
    unmount();
    unmount = () => {};
    await pass(31_000);
    expect(asked).toHaveBeenCalledTimes(3);
  });
});

describe('the summary', () => {
  it('says how it went, with the messages that this tab counted', async () => {
    vi.spyOn(pageApi, 'records').mockResolvedValue({
      list: [{ id: roomId, roomName: 'Bo', startTime, endTime: startTime + 720_000, peakViewers: 31, goodNum: 250 }],
      hasNext: false,
    });
    await enter();
    server.sayIn(roomId, 'hello');
    await pass();
    const host = mount(StreamSummary, () => ({ roomId }));
    await pass(0);
    const figures = [...host.querySelectorAll('dl > div')].map((each) => each.textContent?.trim());
    expect(figures).toEqual(['Duration12 min', 'Peak viewers31', 'Likes250', 'Messages1']);
  });

  it('says nothing of a stream that is not in the records', async () => {
    vi.spyOn(pageApi, 'records').mockResolvedValue({ list: [], hasNext: false });
    const host = mount(StreamSummary, () => ({ roomId }));
    await pass(0);
    expect(host.textContent).toBe('');
  });
});
