import { nextTick, type WatchSource, watch } from 'vue';

/** So long a heading may take that comes with what a view loads. */
const patienceMs = 10_000;

let waiting: MutationObserver | undefined;

/**
 * Where what had the focus goes with a change of what is in view, its heading gets it: from the body a keyboard begins
 * anew at the top, and nobody hears that there is something else.
 */
export function keepFocus(source: WatchSource): void {
  watch(source, async () => {
    if (document.activeElement === document.body) return;
    await nextTick();
    if (isLost(document.activeElement)) focusView();
  });
}

/** Another view is another place: the heading gets the focus, wherever it was. */
export function followView(source: WatchSource): void {
  watch(source, async () => {
    await nextTick();
    focusView();
  });
}

function isLost(focused: Element | null): boolean {
  return (
    focused === null || focused === document.body || focused.id === 'content' || focused.getClientRects().length === 0
  );
}

/** Leads to the heading of what is in view; the content has the focus until that is there. */
export function focusView(): void {
  const content = document.querySelector<HTMLElement>('#content');
  waiting?.disconnect();
  if (!content || focusHeading(content)) return;
  content.focus({ preventScroll: true });
  waiting = new MutationObserver(() => {
    if (document.activeElement !== content || focusHeading(content)) waiting?.disconnect();
  });
  waiting.observe(content, { childList: true, subtree: true });
  const mine = waiting;
  setTimeout(() => mine.disconnect(), patienceMs);
}

function focusHeading(content: HTMLElement): boolean {
  const heading = content.querySelector('h1');
  if (!heading) return false;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  return true;
}
