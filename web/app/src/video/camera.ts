import { type AudioChoice, chooseAudio, chooseVideo } from './encoders';
import { opusHead } from './flv';
import { FlvFeed } from './flvFeed';
import { PicturePace } from './picturePace';
import { Pressure } from './pressure';
import { type BroadcastEnd, endOf, retryDelay } from './publishEnding';
import { PublishSocket, type PublishStats } from './publishSocket';
import { fitted, type Quality, type Size } from './quality';
import { TrackClock } from './trackClock';
import { readPictures, readSound } from './trackReaders';

export type BroadcastPhase = 'connecting' | 'live' | 'reconnecting' | 'over';

export interface BroadcastView {
  readonly phase: BroadcastPhase;
  /** How it ended; null before. */
  readonly end: BroadcastEnd | null;
  /** Bits a second that the picture is encoded at now: less than asked where the line is slow. */
  readonly bitrate: number;
  /** Pictures that were not sent because encoder or line did not keep up. */
  readonly dropped: number;
  readonly stats: PublishStats;
}

export interface BroadcastOptions {
  readonly url: string;
  readonly source: MediaStream;
  readonly quality: Quality;
  changed(view: BroadcastView): void;
}

const keyEveryMs = 2000;
/** Sound that is this far from what came before it is not what comes next. */
const gapUs = 100_000;
/** How often it is looked whether pictures come. */
const lookMs = 500;

/** Sends a camera or a screen to the room: encodes in the browser, and connects again while the server keeps the place. */
export class Broadcast {
  readonly #options: BroadcastOptions;
  readonly #stop = new AbortController();
  readonly #startedMs = performance.now();
  readonly #pressure: Pressure;
  readonly #feed: FlvFeed;
  readonly #pace: PicturePace;
  readonly #soundClock = new TrackClock();
  #view: BroadcastView;
  #socket: PublishSocket | null = null;
  #attempt = 0;
  #lostMs: number | null = null;
  #video: VideoEncoder | null = null;
  #videoConfig: VideoEncoderConfig | null = null;
  #sourceSize: Size | null = null;
  #isConfiguring = false;
  #audio: AudioEncoder | null = null;
  #audioChoice: AudioChoice | null = null;
  /** Where the sound that was encoded ends, by its own clock in microseconds. */
  #soundEndUs: number | null = null;
  #lastPicture: VideoFrame | null = null;
  #lastKeyMs = Number.NEGATIVE_INFINITY;

  constructor(options: BroadcastOptions) {
    const { quality, source } = options;
    const hasSound = source.getAudioTracks().length > 0 && typeof AudioEncoder !== 'undefined';
    this.#options = options;
    this.#pressure = new Pressure(quality.bitrate);
    this.#pace = new PicturePace(quality.fps);
    this.#feed = new FlvFeed((bytes) => this.#socket?.send(bytes), quality.fps, hasSound);
    this.#view = { phase: 'connecting', end: null, bitrate: quality.bitrate, dropped: 0, stats: {} };
    this.#connect();
    this.#read(hasSound);
    const repeating = setInterval(() => this.#repeat(), lookMs);
    this.#stop.signal.addEventListener('abort', () => clearInterval(repeating));
    void this.#stayAwake();
  }

  get view(): BroadcastView {
    return this.#view;
  }

  stop(how: BroadcastEnd = 'stopped'): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#socket?.close();
    for (const encoder of [this.#video, this.#audio]) if (encoder && encoder.state !== 'closed') encoder.close();
    this.#lastPicture?.close();
    this.#lastPicture = null;
    this.#show({ phase: 'over', end: how });
  }

  #read(hasSound: boolean): void {
    const { source } = this.#options;
    const { signal } = this.#stop;
    const [picture] = source.getVideoTracks();
    const [sound] = source.getAudioTracks();
    if (!picture) {
      this.stop('sourceEnded');
      return;
    }
    picture.addEventListener('ended', () => this.stop('sourceEnded'), { signal });
    readPictures(picture, (frame) => this.#onPicture(frame), signal);
    if (!sound || !hasSound) return;
    readSound(sound, (data) => void this.#onSound(data), signal).catch(() => {
      // A picture without a sound is worth more than none: the feed waits a second for the sound, then begins.
    });
  }

  #connect(): void {
    const { url } = this.#options;
    this.#feed.restart();
    this.#socket = new PublishSocket(url, {
      started: () => this.#onStarted(),
      stats: (stats) => this.#show({ stats }),
      closed: (code) => this.#onClosed(code),
    });
  }

  #onStarted(): void {
    this.#attempt = 0;
    this.#lostMs = null;
    this.#show({ phase: 'live' });
  }

  #onClosed(code: number): void {
    this.#lostMs ??= performance.now();
    const delay = retryDelay(this.#attempt++, performance.now() - this.#lostMs);
    const end = endOf(code);
    if (end || delay === null) this.stop(end ?? 'lost');
    else this.#connectLater(delay);
  }

  #connectLater(delay: number): void {
    this.#show({ phase: 'reconnecting' });
    const waiting = setTimeout(() => this.#connect(), delay);
    this.#stop.signal.addEventListener('abort', () => clearTimeout(waiting), { once: true });
  }

  #onPicture(frame: VideoFrame): void {
    const now = this.#now();
    const ms = this.#pace.arrived(frame.timestamp, now);
    if (ms === null || this.#stop.signal.aborted) {
      frame.close();
      return;
    }
    this.#lastPicture?.close();
    this.#lastPicture = frame;
    this.#encode(frame, ms, now);
  }

  #repeat(): void {
    const now = this.#now();
    const ms = this.#pace.repeats(now);
    if (this.#lastPicture && ms !== null) this.#encode(this.#lastPicture, ms, now);
  }

  #encode(picture: VideoFrame, ms: number, now: number): void {
    const encoder = this.#encoderFor(picture);
    if (!encoder || !this.#socket?.isOpen) return;
    const load = { framesQueued: encoder.encodeQueueSize, bytesUnsent: this.#socket.unsent };
    const drops = this.#pressure.drops(load, now);
    this.#followPressure(encoder);
    if (drops) return;
    const keyFrame = this.#feed.needsKey || ms - this.#lastKeyMs >= keyEveryMs;
    if (keyFrame) this.#lastKeyMs = ms;
    const timed = new VideoFrame(picture, { timestamp: ms * 1000 });
    encoder.encode(timed, { keyFrame });
    timed.close();
  }

  #followPressure(encoder: VideoEncoder): void {
    const { bitrate, dropped } = this.#pressure;
    if (bitrate !== this.#view.bitrate && this.#videoConfig) {
      this.#videoConfig = { ...this.#videoConfig, bitrate };
      encoder.configure(this.#videoConfig);
    }
    if (bitrate !== this.#view.bitrate || dropped !== this.#view.dropped) this.#show({ bitrate, dropped });
  }

  /** The encoder for pictures of this size; null while there is none yet. */
  #encoderFor({ displayWidth: width, displayHeight: height }: VideoFrame): VideoEncoder | null {
    const isSame = this.#sourceSize?.width === width && this.#sourceSize.height === height;
    if (!isSame && !this.#isConfiguring) void this.#configure({ width, height });
    return isSame && !this.#isConfiguring ? this.#video : null;
  }

  async #configure(source: Size): Promise<void> {
    this.#isConfiguring = true;
    const { quality } = this.#options;
    const config = await chooseVideo(VideoEncoder, fitted(source, quality), quality);
    this.#isConfiguring = false;
    if (this.#stop.signal.aborted) return;
    if (!config) return this.stop('noEncoder');
    this.#sourceSize = source;
    this.#videoConfig = { ...config, bitrate: this.#pressure.bitrate };
    this.#video ??= new VideoEncoder({
      output: (chunk, metadata) => this.#onEncoded(chunk, metadata),
      error: () => this.stop('failed'),
    });
    this.#video.configure(this.#videoConfig);
    this.#lastKeyMs = Number.NEGATIVE_INFINITY;
  }

  #onEncoded(chunk: EncodedVideoChunk, metadata: EncodedVideoChunkMetadata | undefined): void {
    const ms = Math.round(chunk.timestamp / 1000);
    const described = metadata?.decoderConfig;
    if (described?.description && this.#videoConfig)
      this.#feed.describePicture(bytesOf(described.description), this.#videoConfig, ms);
    this.#feed.picture({ bytes: copyOf(chunk), ms }, chunk.type === 'key');
  }

  async #onSound(data: AudioData): Promise<void> {
    this.#soundClock.arrived(data.timestamp, this.#now());
    this.#audio ??= this.#newAudioEncoder();
    if (this.#audio.state === 'unconfigured' && !this.#audioChoice) await this.#configureSound(data);
    if (this.#audio.state === 'configured' && this.#socket?.isOpen) this.#encodeSound(this.#audio, data);
    data.close();
  }

  /** An encoder counts on from the first sound it got: after a gap, such as the time without a connection, it begins anew. */
  #encodeSound(encoder: AudioEncoder, data: AudioData): void {
    if (this.#soundEndUs !== null && Math.abs(data.timestamp - this.#soundEndUs) > gapUs && this.#audioChoice) {
      encoder.reset();
      encoder.configure(this.#audioChoice.config);
    }
    encoder.encode(data);
    this.#soundEndUs = data.timestamp + data.duration;
  }

  async #configureSound({ sampleRate, numberOfChannels }: AudioData): Promise<void> {
    const choice = await chooseAudio(AudioEncoder, sampleRate, numberOfChannels);
    // Another packet may have asked meanwhile.
    if (!choice || this.#audioChoice || this.#audio?.state !== 'unconfigured') return;
    this.#audioChoice = choice;
    this.#audio.configure(choice.config);
  }

  #newAudioEncoder(): AudioEncoder {
    return new AudioEncoder({
      output: (chunk, metadata) => this.#onSoundEncoded(chunk, metadata),
      error: () => {
        // The picture goes on without it.
      },
    });
  }

  #onSoundEncoded(chunk: EncodedAudioChunk, metadata: EncodedAudioChunkMetadata | undefined): void {
    const choice = this.#audioChoice;
    if (!choice) return;
    const ms = this.#soundClock.at(chunk.timestamp);
    const description = metadata?.decoderConfig?.description;
    if (description) this.#feed.describeSound(choice.codec, bytesOf(description), ms);
    else if (metadata?.decoderConfig && choice.codec === 'opus')
      this.#feed.describeSound('opus', opusHead(choice.config.numberOfChannels, choice.config.sampleRate), ms);
    this.#feed.sound({ bytes: copyOf(chunk), ms });
  }

  /** Keeps a phone's screen on, as long as the tab is seen: a screen that goes dark ends the camera. */
  async #stayAwake(): Promise<void> {
    const { signal } = this.#stop;
    const ask = async () => {
      if (document.hidden || signal.aborted) return;
      const lock = await navigator.wakeLock?.request('screen').catch(() => undefined);
      if (signal.aborted) await lock?.release();
      else signal.addEventListener('abort', () => void lock?.release(), { once: true });
    };
    document.addEventListener('visibilitychange', () => void ask(), { signal });
    await ask();
  }

  #now(): number {
    return performance.now() - this.#startedMs;
  }

  #show(change: Partial<BroadcastView>): void {
    this.#view = { ...this.#view, ...change };
    this.#options.changed(this.#view);
  }
}

function copyOf(chunk: EncodedVideoChunk | EncodedAudioChunk): Uint8Array {
  const bytes = new Uint8Array(chunk.byteLength);
  chunk.copyTo(bytes);
  return bytes;
}

function bytesOf(source: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice()
    : new Uint8Array(source).slice();
}
