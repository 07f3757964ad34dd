import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LoaderEvents } from '../../src/video/mpegts';
import { hiddenMs, type PlayerView, StreamPlayer } from '../../src/video/player';
import { stillMs } from '../../src/video/watchdog';

/** What the library would be told, and what it would tell. */
interface FakeEngine {
  readonly url: string;
  readonly hasAudio: boolean | undefined;
  isDestroyed: boolean;
  mediaInfo?: { videoCodec?: string; audioCodec?: string };
  begin(hasSound: boolean): void;
  end(code: number): void;
  tell(event: string, value?: unknown): void;
}

const engines: FakeEngine[] = [];
const decodable = vi.hoisted(() => ({ canPlay: true, codecs: new Set<string>() }));

vi.mock('../../src/video/playback', () => ({
  canPlayLive: () => decodable.canPlay,
  canDecode: (_: string, codec: string | undefined) => !codec || decodable.codecs.has(codec),
}));

vi.mock('../../src/video/mpegts', () => ({
  streamConfig: {},
  socketLoader: (_: unknown, events: LoaderEvents) => events,
  loadMpegts: async () => ({ Events: { ERROR: 'error', MEDIA_INFO: 'info' }, createPlayer }),
}));

function createPlayer(source: { url: string; hasAudio?: boolean }, config: { customLoader: LoaderEvents }) {
  const handlers = new Map<string, (value: unknown) => void>();
  const engine: FakeEngine & Record<string, unknown> = {
    url: source.url,
    hasAudio: source.hasAudio,
    isDestroyed: false,
    begin: config.customLoader.began,
    end: config.customLoader.ended,
    tell: (event: string, value?: unknown) => handlers.get(event)?.(value),
    on: (event: string, handler: (value: unknown) => void) => handlers.set(event, handler),
    attachMediaElement: () => {},
    load: () => {},
    destroy() {
      this.isDestroyed = true;
    },
  };
  engines.push(engine);
  return engine;
}

/** A `<video>` that shows a picture each 40 ms, unless it is told to stand still. */
class FakeVideo extends EventTarget {
  muted = false;
  disableRemotePlayback = false;
  paused = true;
  seeking = false;
  currentTime = 0;
  playbackRate = 1;
  videoWidth = 640;
  frames = 0;
  refuses = false;
  edge = 0;

  get buffered() {
    return { length: this.edge > 0 ? 1 : 0, start: () => 0, end: () => this.edge };
  }

  async play(): Promise<void> {
    if (this.refuses) throw new DOMException('', 'NotAllowedError');
    this.paused = false;
  }

  getVideoPlaybackQuality() {
    return { totalVideoFrames: this.frames };
  }

  show(): void {
    this.frames++;
    this.dispatchEvent(new Event('playing'));
  }
}

let video: FakeVideo;
let views: PlayerView[];
let addresses: number;
let players: StreamPlayer[];
let isHidden: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => isHidden);
  engines.length = 0;
  decodable.canPlay = true;
  decodable.codecs = new Set(['avc1.42E01E', 'mp4a.40.2']);
  video = new FakeVideo();
  views = [];
  players = [];
  addresses = 0;
  isHidden = false;
});

afterEach(() => {
  for (const player of players) player.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function make(element = video): StreamPlayer {
  const player = new StreamPlayer(element as unknown as HTMLVideoElement, {
    address: async () => `ws://x/live/7.flv?token=${++addresses}`,
    changed: (view) => views.push(view),
    freeze: () => {},
  });
  players.push(player);
  return player;
}

async function pass(ms = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

async function playing(): Promise<StreamPlayer> {
  const player = make();
  player.follow('live');
  await pass();
  video.show();
  return player;
}

function hide(hidden: boolean): void {
  isHidden = hidden;
  document.dispatchEvent(new Event('visibilitychange'));
}

const last = () => engines.at(-1) as FakeEngine;
const phase = () => views.at(-1)?.phase;

it('opens when there is a picture, muted, and shows it', async () => {
  const player = make();
  player.follow('off');
  await pass(10_000);
  expect(engines).toHaveLength(0);
  player.follow('live');
  await pass();
  expect([phase(), video.muted, video.disableRemotePlayback, last().url]).toEqual([
    'opening',
    true,
    true,
    'ws://x/live/7.flv?token=1',
  ]);
  video.show();
  expect(phase()).toBe('playing');
  player.follow('off');
  expect([phase(), last().isDestroyed]).toEqual(['idle', true]);
});

it('opens again at once, with another token, where the tracks changed', async () => {
  await playing();
  last().end(4000);
  await pass();
  expect(engines.map((engine) => [engine.url.at(-1), engine.isDestroyed])).toEqual([
    ['1', true],
    ['2', false],
  ]);
});

it.each([1001, 1006, 1013])('opens again later after %i', async (code) => {
  await playing();
  last().end(code);
  await pass(999);
  expect(engines).toHaveLength(1);
  await pass(1);
  expect(engines).toHaveLength(2);
});

it('waits for the next state where the stream has ended', async () => {
  const player = await playing();
  player.follow('away');
  last().end(1000);
  await pass(60_000);
  expect(engines).toHaveLength(1);
  player.follow('live');
  await pass();
  expect(engines).toHaveLength(2);
});

it('asks no more where it is refused, until somebody wants it to', async () => {
  const player = await playing();
  last().end(1008);
  await pass(60_000);
  expect([engines.length, phase()]).toEqual([1, 'refused']);
  player.retry();
  await pass();
  expect(engines).toHaveLength(2);
});

it('is opened anew when nothing new was shown for five seconds', async () => {
  await playing();
  await pass(stillMs - 1000);
  video.frames++;
  await pass(stillMs - 1000);
  expect(last().isDestroyed).toBe(false);
  await pass(1200);
  expect(last().isDestroyed).toBe(true);
  await pass(1000);
  expect(engines).toHaveLength(2);
});

it('may stand still while the anchor is away, or somebody holds it', async () => {
  const player = await playing();
  player.follow('away');
  await pass(3 * stillMs);
  player.follow('live');
  video.paused = true;
  await pass(3 * stillMs);
  expect(engines).toHaveLength(1);
});

it('lets go of the picture of a tab that nobody sees for a minute, and takes it again', async () => {
  await playing();
  hide(true);
  await pass(hiddenMs - 1);
  expect(last().isDestroyed).toBe(false);
  await pass(1);
  expect(last().isDestroyed).toBe(true);
  await pass(60_000);
  hide(false);
  await pass();
  expect(engines).toHaveLength(2);
});

it('keeps it when the tab is seen again in time', async () => {
  const player = await playing();
  // So that it may stand still meanwhile.
  player.follow('away');
  hide(true);
  await pass(hiddenMs / 2);
  hide(false);
  await pass(hiddenMs);
  expect([engines.length, last().isDestroyed]).toEqual([1, false]);
});

it('ends the picture before it in this page', async () => {
  await playing();
  const other = make(new FakeVideo());
  other.follow('live');
  await pass();
  expect(engines.map((engine) => engine.isDestroyed)).toEqual([true, false]);
});

it('asks for a tap where the browser starts nothing by itself', async () => {
  const player = make();
  video.refuses = true;
  player.follow('live');
  await pass();
  expect(views.at(-1)?.needsTap).toBe(true);
  video.refuses = false;
  player.retry();
  await pass();
  expect([views.at(-1)?.needsTap, engines.length]).toEqual([false, 1]);
});

it('says whether there is sound, as each picture that it opens has it', async () => {
  const player = await playing();
  expect(views.at(-1)?.hasSound).toBe(false);
  last().begin(true);
  expect(views.at(-1)?.hasSound).toBe(true);
  last().end(4000);
  await pass();
  last().begin(false);
  expect([engines.length, views.at(-1)?.hasSound]).toEqual([2, false]);
  last().begin(true);
  player.follow('off');
  expect(views.at(-1)?.hasSound).toBe(false);
});

it('goes without a sound that the browser cannot decode, and says so', async () => {
  await playing();
  last().tell('info', { videoCodec: 'avc1.42E01E', audioCodec: 'opus' });
  await pass();
  expect([last().hasAudio, views.at(-1)?.isSilent, engines.length]).toEqual([false, true, 2]);
  // Other tracks may be better.
  last().end(4000);
  await pass();
  expect([last().hasAudio, views.at(-1)?.isSilent]).toEqual([undefined, false]);
});

it('goes without it, too, where the error comes before the library has told what there is', async () => {
  await playing();
  last().mediaInfo = { videoCodec: 'avc1.42E01E', audioCodec: 'opus' };
  last().tell('error');
  await pass();
  expect([last().hasAudio, views.at(-1)?.isSilent, engines.length]).toEqual([false, true, 2]);
});

it('is opened anew after an error', async () => {
  await playing();
  last().tell('error');
  await pass(1000);
  expect([last().hasAudio, engines.length]).toEqual([undefined, 2]);
});

it('says what the browser cannot play', async () => {
  await playing();
  last().tell('info', { videoCodec: 'hvc1.1.6.L93.B0' });
  expect([phase(), last().isDestroyed]).toEqual(['noDecoder', true]);
  decodable.canPlay = false;
  const player = make();
  player.follow('live');
  await pass();
  expect(phase()).toBe('noPlayback');
});

it('is kept near the edge', async () => {
  await playing();
  video.edge = 5;
  await pass(200);
  expect(video.currentTime).toBeCloseTo(4.6);
  for (let n = 0; n < 10; n++) {
    video.frames++;
    video.currentTime += 0.2;
    video.edge += 0.2;
    await pass(200);
  }
  video.edge += 1;
  video.frames++;
  await pass(200);
  expect(video.playbackRate).toBe(1.1);
});
