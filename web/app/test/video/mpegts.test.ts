import type Mpegts from 'mpegts.js';
import { afterEach, expect, it, vi } from 'vitest';
import { flvHeader } from '../../src/video/flv';
import { socketLoader } from '../../src/video/mpegts';

class FakeSocket {
  static newest: FakeSocket;
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor() {
    FakeSocket.newest = this;
  }
}

const library = {
  BaseLoader: class {
    onDataArrival: ((data: ArrayBuffer, start: number, received: number) => void) | null = null;
  },
  LoaderStatus: {},
} as unknown as typeof Mpegts;

afterEach(() => vi.unstubAllGlobals());

it.each([true, false])('tells once whether what comes has sound (%s), and how it ended', (hasSound) => {
  vi.stubGlobal('WebSocket', FakeSocket);
  const [began, ended, arrived] = [vi.fn(), vi.fn(), vi.fn()];
  const Loader = socketLoader(library, { began, ended }) as unknown as new () => Mpegts.BaseLoader;
  const loader = new Loader();
  loader.onDataArrival = arrived;
  loader.open({ url: 'ws://x' } as Mpegts.MediaSegment, { from: 0, to: -1 });
  const socket = FakeSocket.newest;
  socket.onmessage?.({ data: flvHeader(hasSound).buffer });
  socket.onmessage?.({ data: Uint8Array.of(9, 9, 9, 9, 255).buffer });
  socket.onclose?.({ code: 1000 });
  expect([began.mock.calls, ended.mock.calls]).toEqual([[[hasSound]], [[1000]]]);
  expect(arrived.mock.calls.map(([, start, received]) => [start, received])).toEqual([
    [0, 13],
    [13, 18],
  ]);
});
