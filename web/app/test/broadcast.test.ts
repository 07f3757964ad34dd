import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, type Ref, ref } from 'vue';
import type { StreamState } from '../src/logic/streamState';
import { startBroadcast, stopBroadcast, useElsewhere } from '../src/state/broadcast';
import type { BroadcastOptions, BroadcastView } from '../src/video/camera';
import type { BroadcastEnd } from '../src/video/publishEnding';

const made = vi.hoisted(() => ({ options: null as BroadcastOptions | null }));

vi.mock('../src/video/camera', () => ({
  Broadcast: class {
    readonly view = viewOf('connecting');
    constructor(options: BroadcastOptions) {
      made.options = options;
    }
    stop() {
      made.options?.changed(viewOf('over', 'stopped'));
    }
  },
}));

function viewOf(phase: BroadcastView['phase'], end: BroadcastEnd | null = null): BroadcastView {
  return { phase, end, bitrate: 1, dropped: 0, stats: {} };
}

let scope = effectScope();
let stream: Ref<StreamState>;
let isElsewhere: Ref<boolean>;

beforeEach(() => {
  scope = effectScope();
  stream = ref<StreamState>('off');
  isElsewhere = scope.run(() => useElsewhere(stream)) as Ref<boolean>;
});

afterEach(() => {
  stopBroadcast();
  scope.stop();
});

async function become(state: StreamState): Promise<boolean> {
  stream.value = state;
  await nextTick();
  return isElsewhere.value;
}

async function goOnAir(): Promise<void> {
  await startBroadcast('camera', { getTracks: () => [], getAudioTracks: () => [] } as unknown as MediaStream, '360p');
}

it('a picture that is not sent from here comes from elsewhere, also while it is away', async () => {
  expect(await become('off')).toBe(false);
  expect(await become('live')).toBe(true);
  expect(await become('away')).toBe(true);
  expect(await become('off')).toBe(false);
});

it('a picture that was sent from here is no other one until it is off', async () => {
  await goOnAir();
  made.options?.changed(viewOf('live'));
  expect(await become('live')).toBe(false);
  stopBroadcast();
  expect(await become('live')).toBe(false);
  await become('off');
  expect(await become('live')).toBe(true);
});

it('a picture that takes the place of this one comes from elsewhere', async () => {
  await goOnAir();
  made.options?.changed(viewOf('live'));
  await become('live');
  made.options?.changed(viewOf('over', 'takenOver'));
  expect(await become('live')).toBe(true);
});

it('a picture stays another one where this one has not begun', async () => {
  await become('live');
  await goOnAir();
  expect(await become('live')).toBe(true);
  stopBroadcast();
  expect(await become('live')).toBe(true);
});
