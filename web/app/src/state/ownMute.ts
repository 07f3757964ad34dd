import { onScopeDispose, ref } from 'vue';

/** How often who is muted asks whether that still stands. */
const lookMs = 15_000;

/** Until when the user may not write in a room; `look` asks the server, which tells nobody that a mute was taken back. */
export function useOwnMute(look: () => void) {
  /** By this browser's clock; null while the user may write. */
  const mutedUntil = ref<number | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function muteUntil(time: number | null): void {
    clearTimeout(timer);
    const left = (time ?? 0) - Date.now();
    mutedUntil.value = left > 0 ? time : null;
    if (left > 0) timer = setTimeout(() => lookAgain(time), Math.min(left, lookMs));
  }

  function lookAgain(time: number | null): void {
    muteUntil(time);
    if (mutedUntil.value !== null) look();
  }

  onScopeDispose(() => clearTimeout(timer));
  return { mutedUntil, muteUntil };
}
