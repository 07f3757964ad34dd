import { onScopeDispose, ref, shallowRef } from 'vue';
import { liveApi, type StreamStats } from '../api/live';
import { guarded } from './session';

/** How the anchor's stream is doing, as the server sees it, every two seconds unless said. Ends with the scope it is used in. */
export function useStreamStats(roomId: number, everyMs = 2000) {
  const stats = shallowRef<StreamStats | null>(null);
  const failure = shallowRef<unknown>(null);
  const isLoading = ref(true);
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function look(): Promise<void> {
    clearTimeout(timer);
    // Nobody sees it.
    if (!isLoading.value && document.visibilityState !== 'visible') return again();
    try {
      stats.value = await guarded(() => liveApi.stats(roomId));
      failure.value = null;
    } catch (cause) {
      failure.value = cause;
    }
    isLoading.value = false;
    again();
  }

  function again(): void {
    if (!isOver) timer = setTimeout(look, everyMs);
  }

  /** Makes the key before worthless, and gives another: whoever sends with the old one is cut off. */
  async function resetKey(): Promise<void> {
    const { key } = await liveApi.resetKey(roomId);
    if (stats.value) stats.value = { ...stats.value, key };
  }

  void look();
  onScopeDispose(() => {
    isOver = true;
    clearTimeout(timer);
  });

  return { stats, failure, isLoading, resetKey };
}
