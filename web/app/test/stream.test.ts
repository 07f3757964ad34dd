import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, type Ref, ref } from 'vue';
import type { StreamState } from '../src/logic/streamState';
import { type Player, usePlayer } from '../src/state/stream';
import type { PlayerOptions, PlayerView } from '../src/video/player';

const made = vi.hoisted(() => ({ options: null as PlayerOptions | null, followed: [] as string[] }));

vi.mock('../src/video/player', () => ({
  StreamPlayer: class {
    constructor(_: unknown, options: PlayerOptions) {
      made.options = options;
    }
    follow(stream: string) {
      made.followed.push(stream);
    }
    retry() {}
    close() {}
  },
}));

let scope = effectScope();
let stream: Ref<StreamState>;
let player: Player;

beforeEach(async () => {
  vi.useFakeTimers();
  scope = effectScope();
  made.followed.length = 0;
  stream = ref<StreamState>('off');
  player = scope.run(() => usePlayer(7, stream)) as Player;
  await player.attach(document.createElement('video'), () => {});
});

afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

async function become(now: StreamState, view: Partial<PlayerView> = {}): Promise<void> {
  stream.value = now;
  made.options?.changed({ phase: 'opening', needsTap: false, hasSound: false, isSilent: false, ...view });
  await nextTick();
}

describe('in the place of a picture', () => {
  it('stands that there is none, that it comes, and nothing once it is there', async () => {
    expect(player.poster()).toBe('none');
    await become('live');
    expect(player.poster()).toBe('opening');
    await become('live', { phase: 'playing' });
    expect(player.poster()).toBeNull();
    expect(made.followed).toEqual(['off', 'live']);
  });

  it('stands that the anchor is away after two seconds, over what was shown last', async () => {
    await become('live', { phase: 'playing' });
    await become('away', { phase: 'playing' });
    await vi.advanceTimersByTimeAsync(1999);
    expect(player.poster()).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(player.poster()).toBe('away');
    await become('live', { phase: 'playing' });
    expect(player.poster()).toBeNull();
  });

  it('stands that it has ended, where there was one', async () => {
    await become('live', { phase: 'playing' });
    await become('off', { phase: 'idle' });
    expect(player.poster()).toBe('ended');
  });

  it('stands that it has ended to who could not see it, too', async () => {
    await become('live', { phase: 'noDecoder' });
    await become('off', { phase: 'idle' });
    expect(player.poster()).toBe('ended');
  });

  it.each(['noPlayback', 'noDecoder', 'refused'] as const)('stands why there is none: %s', async (phase) => {
    await become('live', { phase });
    expect(player.poster()).toBe(phase);
  });

  it('stands what to tap, where the browser wants that', async () => {
    await become('live', { needsTap: true });
    expect(player.poster()).toBe('tap');
  });
});
