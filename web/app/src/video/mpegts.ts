import type Mpegts from 'mpegts.js';
import { hasSoundOf } from './flv';

type Library = typeof Mpegts;

let loading: Promise<Library> | undefined;

/** The library that makes MP4 of FLV for the browser: fetched when the first picture is there to be shown, not before. */
export function loadMpegts(): Promise<Library> {
  loading ??= fetchIt().catch((cause: unknown) => {
    // The next one who asks tries again.
    loading = undefined;
    throw cause;
  });
  return loading;
}

async function fetchIt(): Promise<Library> {
  const { default: mpegts } = await import('mpegts.js');
  mpegts.LoggingControl.enableAll = false;
  return mpegts;
}

/** How a stream is played: what comes is shown at once, and what was shown long ago is thrown away. */
export const streamConfig: Mpegts.Config = {
  isLive: true,
  enableStashBuffer: false,
  // The page's policy lets no script run that is not a file of its own.
  enableWorker: false,
  autoCleanupSourceBuffer: true,
  autoCleanupMaxBackwardDuration: 30,
  autoCleanupMinBackwardDuration: 15,
  lazyLoad: false,
};

export interface LoaderEvents {
  began(hasSound: boolean): void;
  ended(code: number): void;
}

/**
 * Bytes from a WebSocket. Unlike the library's own loader it tells with which code the connection ended, and of every codec
 * whether there is sound.
 */
export function socketLoader(mpegts: Library, events: LoaderEvents): Mpegts.CustomLoaderConstructor {
  return class SocketLoader extends mpegts.BaseLoader {
    #socket: WebSocket | null = null;
    #received = 0;

    constructor() {
      super('live-socket');
      this._needStash = true;
    }

    override open({ url }: Mpegts.MediaSegment): void {
      const socket = new WebSocket(url);
      socket.binaryType = 'arraybuffer';
      this._status = mpegts.LoaderStatus.kConnecting;
      socket.onmessage = ({ data }) => this.#take(data);
      socket.onclose = ({ code }) => {
        this._status = mpegts.LoaderStatus.kComplete;
        events.ended(code);
      };
      this.#socket = socket;
    }

    override abort(): void {
      const socket = this.#socket;
      this.#socket = null;
      if (!socket) return;
      socket.onmessage = null;
      socket.onclose = null;
      socket.close(1000);
      this._status = mpegts.LoaderStatus.kComplete;
    }

    override destroy(): void {
      this.abort();
      super.destroy();
    }

    #take(data: unknown): void {
      if (!(data instanceof ArrayBuffer)) return;
      this._status = mpegts.LoaderStatus.kBuffering;
      const start = this.#received;
      if (start === 0) events.began(hasSoundOf(new Uint8Array(data)));
      this.#received += data.byteLength;
      this.onDataArrival?.(data, start, this.#received);
    }
  };
}
