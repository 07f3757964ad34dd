import { nextTick, type WatchSource, watch } from 'vue';

/**
 * Where what had the focus goes with a change of what is in view, the content gets it: from the body a keyboard begins
 * anew at the top, and nobody hears that there is something else.
 */
export function keepFocus(source: WatchSource): void {
  watch(source, async () => {
    if (document.activeElement === document.body) return;
    await nextTick();
    if (isLost(document.activeElement)) document.querySelector<HTMLElement>('#content')?.focus({ preventScroll: true });
  });
}

function isLost(focused: Element | null): boolean {
  return focused === null || focused === document.body || focused.getClientRects().length === 0;
}
