import { onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue';
import { liveApi } from '../api/live';
import { socketAddress } from '../logic/ownAddress';
import type { StreamState } from '../logic/streamState';
import type { PlayerView, StreamPlayer } from '../video/player';
import { guarded } from './session';

/** So long a stream may break off before that is said. */
const awayAfterMs = 2000;

/** What stands in the place of a picture, or over its last one; null where there is a picture. */
export type Poster = 'none' | 'away' | 'ended' | 'opening' | 'noPlayback' | 'noDecoder' | 'refused' | 'tap';

/** A room's picture in a `<video>`. Ends with the scope it is used in. */
export function usePlayer(roomId: number, stream: Ref<StreamState>) {
  const view = ref<PlayerView>({ phase: 'idle', needsTap: false, hasSound: false, isSilent: false });
  const video = shallowRef<HTMLVideoElement | null>(null);
  const isMuted = ref(true);
  const volume = ref(1);
  /** As long as the picture has never had sound here, which browsers leave to a click. */
  const isUnheard = ref(true);
  /** Whether there was a picture since the page came here; of the time before nothing is known. */
  const wasThere = ref(false);
  const isAwayShown = ref(false);
  let player: StreamPlayer | null = null;
  let isOver = false;
  let awayTimer: ReturnType<typeof setTimeout> | undefined;

  /** Takes the element, and what draws its last picture when it is taken away. */
  async function attach(element: HTMLVideoElement, freeze: () => void): Promise<void> {
    const { StreamPlayer } = await import('../video/player');
    if (isOver) return;
    video.value = element;
    player = new StreamPlayer(element, { address, changed, freeze });
    player.follow(stream.value);
  }

  async function address(): Promise<string | null> {
    const path = await guarded(() => liveApi.streamPath(roomId));
    return path && socketAddress(path);
  }

  function changed(now: PlayerView): void {
    view.value = now;
  }

  function setSound(on: boolean, loudness = volume.value): void {
    const element = video.value;
    if (!element) return;
    element.muted = !on;
    element.volume = loudness;
  }

  function followSound(): void {
    isMuted.value = video.value?.muted ?? true;
    if (!isMuted.value) isUnheard.value = false;
    volume.value = video.value?.volume ?? 1;
  }

  watch(video, (element, _, onCleanup) => {
    element?.addEventListener('volumechange', followSound);
    onCleanup(() => element?.removeEventListener('volumechange', followSound));
  });
  watch(
    stream,
    (now) => {
      clearTimeout(awayTimer);
      isAwayShown.value = false;
      if (now !== 'off') wasThere.value = true;
      if (now === 'away')
        awayTimer = setTimeout(() => {
          isAwayShown.value = true;
        }, awayAfterMs);
      player?.follow(now);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    isOver = true;
    clearTimeout(awayTimer);
    player?.close();
  });

  function poster(): Poster | null {
    const { phase, needsTap } = view.value;
    if (stream.value === 'off') return wasThere.value ? 'ended' : 'none';
    if (phase === 'noPlayback' || phase === 'noDecoder' || phase === 'refused') return phase;
    if (isAwayShown.value) return 'away';
    if (needsTap) return 'tap';
    return phase === 'playing' ? null : 'opening';
  }

  return { view, video, isMuted, isUnheard, volume, attach, setSound, poster, retry: () => player?.retry() };
}

export type Player = ReturnType<typeof usePlayer>;
