import type Mpegts from 'mpegts.js';
import type { StreamState } from '../logic/streamState';
import { LatencyControl } from './latency';
import { loadMpegts, socketLoader, streamConfig } from './mpegts';
import { canDecode, canPlayLive } from './playback';
import { edgeOf, pastGap, rangesOf } from './ranges';
import { type Ending, endingOf, ReopenDelay } from './reopen';
import { Watchdog } from './watchdog';

export type PlayerPhase =
  /** Nothing is open. */
  | 'idle'
  | 'opening'
  | 'playing'
  /** This browser cannot play live pictures at all. */
  | 'noPlayback'
  /** This browser cannot decode this picture. */
  | 'noDecoder'
  /** The server lets this viewer not see it. */
  | 'refused';

export interface PlayerView {
  readonly phase: PlayerPhase;
  /** The browser starts nothing until somebody taps. */
  readonly needsTap: boolean;
  /** There is sound in what is sent. */
  readonly hasSound: boolean;
  /** The browser cannot decode the sound, so there is none. */
  readonly isSilent: boolean;
}

export interface PlayerOptions {
  /** Gives where the picture is to be had, each time anew: its token is good for a minute. Null where it is not (any more). */
  address(): Promise<string | null>;
  changed(view: PlayerView): void;
  /** What is shown is about to be taken away: keep the look of it. */
  freeze(): void;
}

const lookMs = 200;
/** A tab that nobody has seen for so long lets go of its picture. */
export const hiddenMs = 60_000;

/** One at a time in a page: who begins ends the one before. */
let playing: StreamPlayer | null = null;

/**
 * Shows a room's picture in a `<video>` for as long as there is one: opens it, keeps it near the live edge, opens it again
 * when it breaks, and lets go of it while nobody looks.
 */
export class StreamPlayer {
  readonly #video: HTMLVideoElement;
  readonly #options: PlayerOptions;
  readonly #latency = new LatencyControl();
  readonly #watchdog = new Watchdog();
  readonly #delay = new ReopenDelay();
  readonly #stop = new AbortController();
  #stream: StreamState = 'off';
  #view: PlayerView = { phase: 'idle', needsTap: false, hasSound: false, isSilent: false };
  #engine: Mpegts.Player | null = null;
  /** Numbers the openings: what belongs to an older one is let be. */
  #opening = 0;
  #reopening: ReturnType<typeof setTimeout> | undefined;
  #hiding: ReturnType<typeof setTimeout> | undefined;
  #looking: ReturnType<typeof setInterval> | undefined;
  /** Let go because nobody looks, or because another picture began. */
  #isResting = false;

  constructor(video: HTMLVideoElement, options: PlayerOptions) {
    this.#video = video;
    this.#options = options;
    video.muted = true;
    // Without it iPhones hand out no managed source.
    video.disableRemotePlayback = true;
    const on = { signal: this.#stop.signal };
    video.addEventListener('playing', () => this.#onPlaying(), on);
    video.addEventListener('play', () => this.#latency.begin(), on);
    video.addEventListener('waiting', () => this.#onWaiting(), on);
    document.addEventListener('visibilitychange', () => this.#onVisibility(), on);
    this.#onVisibility();
  }

  get view(): PlayerView {
    return this.#view;
  }

  /** What the server says that there is. */
  follow(stream: StreamState): void {
    this.#stream = stream;
    if (stream === 'off') {
      this.#show({ hasSound: false, isSilent: false });
      this.#rest('idle');
    } else if (this.#view.phase === 'idle' && !this.#isResting && this.#reopening === undefined) void this.#open();
  }

  /** Tries what was refused, or did not begin by itself: somebody asks for it. */
  retry(): void {
    this.#isResting = false;
    if (this.#engine && this.#view.needsTap) void this.#play();
    else if (this.#stream !== 'off') void this.#open();
  }

  /** Ends for good. */
  close(): void {
    this.#stop.abort();
    clearTimeout(this.#hiding);
    this.#rest('idle');
    if (playing === this) playing = null;
  }

  async #open(): Promise<void> {
    this.#release();
    const mine = this.#opening;
    if (playing !== this) playing?.yieldTo();
    playing = this;
    if (!canPlayLive()) {
      this.#show({ phase: 'noPlayback' });
      return;
    }
    this.#show({ phase: 'opening', needsTap: false });
    try {
      const [address, mpegts] = await Promise.all([this.#options.address(), loadMpegts()]);
      if (mine !== this.#opening) return;
      if (address === null) this.#after('wait');
      else this.#begin(mpegts, address);
    } catch {
      // The server is away, or its answer is: the same as a connection that breaks.
      if (mine === this.#opening) this.#after('later');
    }
  }

  #begin(mpegts: typeof Mpegts, url: string): void {
    const mine = this.#opening;
    const ifMine =
      <T extends unknown[]>(act: (...values: T) => void) =>
      (...values: T) => {
        if (mine === this.#opening) act(...values);
      };
    const engine = mpegts.createPlayer(
      { type: 'flv', isLive: true, url, ...(this.#view.isSilent ? { hasAudio: false } : {}) },
      {
        ...streamConfig,
        customLoader: socketLoader(mpegts, {
          began: ifMine((hasSound) => this.#show({ hasSound })),
          ended: ifMine((code) => this.#after(endingOf(code))),
        }),
      },
    );
    this.#engine = engine;
    // The library is in the midst of something when it tells of it.
    const onError = ifMine(() => {
      // One of its reasons is a track that the browser does not take.
      if (!this.#avoids(engine.mediaInfo as Mpegts.MSEPlayerMediaInfo | undefined)) this.#after('later');
    });
    engine.on(mpegts.Events.ERROR, () => queueMicrotask(onError));
    engine.on(
      mpegts.Events.MEDIA_INFO,
      ifMine((info: Mpegts.MSEPlayerMediaInfo) => this.#avoids(info)),
    );
    this.#latency.begin();
    this.#watchdog.begin(performance.now());
    engine.attachMediaElement(this.#video);
    engine.load();
    this.#looking = setInterval(() => this.#look(), lookMs);
    void this.#play();
  }

  async #play(): Promise<void> {
    const mine = this.#opening;
    try {
      await this.#video.play();
      this.#show({ needsTap: false });
    } catch (cause) {
      const isForbidden = cause instanceof DOMException && cause.name === 'NotAllowedError';
      if (mine !== this.#opening || !isForbidden) return;
      if (this.#video.muted) {
        this.#show({ needsTap: true });
        return;
      }
      this.#video.muted = true;
      await this.#play();
    }
  }

  /** Does without what the browser cannot decode; whether there is any such thing. */
  #avoids(info: Pick<Mpegts.MSEPlayerMediaInfo, 'videoCodec' | 'audioCodec'> | undefined): boolean {
    if (!canDecode('video', info?.videoCodec)) {
      this.#rest('noDecoder');
      return true;
    }
    if (this.#view.isSilent || canDecode('audio', info?.audioCodec)) return false;
    this.#show({ isSilent: true });
    void this.#open();
    return true;
  }

  #onPlaying(): void {
    if (!this.#engine) return;
    this.#delay.succeeded();
    this.#show({ phase: 'playing', needsTap: false });
  }

  #onWaiting(): void {
    if (this.#engine && !this.#video.seeking) this.#latency.stalled(performance.now());
  }

  #look(): void {
    const now = performance.now();
    const video = this.#video;
    // Who pauses it, in a window of its own, or by the keys of a headset, wants that.
    const isHeld = video.paused || document.hidden || this.#stream === 'away';
    if (isHeld) this.#watchdog.begin(now);
    if (!isHeld && this.#watchdog.look(shownBy(video), now)) this.#after('later');
    else if (!video.paused && !video.seeking) this.#steer(now);
  }

  #steer(now: number): void {
    const video = this.#video;
    const ranges = rangesOf(video.buffered);
    const edge = edgeOf(ranges);
    if (edge === null) return;
    const past = pastGap(ranges, video.currentTime);
    const { jumpTo, rate } = this.#latency.look({ at: past ?? video.currentTime, edge }, now);
    if (jumpTo !== null || past !== null) video.currentTime = jumpTo ?? past ?? 0;
    if (video.playbackRate !== rate) video.playbackRate = rate;
  }

  /** The picture is over, or broken. */
  #after(ending: Ending): void {
    // Other tracks may have sound that can be decoded.
    if (ending === 'now') this.#show({ isSilent: false });
    this.#rest(ending === 'refused' ? 'refused' : 'idle');
    // While the server says that there is a picture, it is asked for again: what it says may be older than the end.
    if (ending === 'refused' || (ending === 'ended' && this.#stream !== 'live')) return;
    const wait = this.#delay.next(ending);
    this.#reopening = setTimeout(() => {
      this.#reopening = undefined;
      if (this.#stream !== 'off' && !this.#isResting) void this.#open();
    }, wait);
  }

  /** Another picture begins in this page. */
  yieldTo(): void {
    this.#isResting = true;
    this.#rest('idle');
  }

  #onVisibility(): void {
    clearTimeout(this.#hiding);
    if (document.hidden) {
      this.#hiding = setTimeout(() => this.#onUnseen(), hiddenMs);
    } else if (this.#isResting && (playing === this || playing === null)) {
      this.#isResting = false;
      if (this.#stream !== 'off') void this.#open();
    }
  }

  #onUnseen(): void {
    if (!document.hidden || document.pictureInPictureElement === this.#video) return;
    this.#isResting = true;
    this.#rest('idle');
  }

  #rest(phase: PlayerPhase): void {
    this.#release();
    this.#show({ phase, needsTap: false });
  }

  #release(): void {
    this.#opening++;
    clearTimeout(this.#reopening);
    clearInterval(this.#looking);
    this.#reopening = undefined;
    const engine = this.#engine;
    this.#engine = null;
    if (!engine) return;
    this.#options.freeze();
    engine.destroy();
  }

  #show(change: Partial<PlayerView>): void {
    this.#view = { ...this.#view, ...change };
    this.#options.changed(this.#view);
  }
}

/** A number that grows with what is shown: pictures, or time where there are none. */
function shownBy(video: HTMLVideoElement): number {
  return video.videoWidth > 0 ? video.getVideoPlaybackQuality().totalVideoFrames : video.currentTime;
}
