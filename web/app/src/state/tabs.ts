import { nextTick } from 'vue';

/** Arrows go from tab to tab, as in other programs: the one that is chosen then has the focus. For a key in the list of tabs. */
export async function followArrows<T>(
  event: KeyboardEvent,
  tabs: readonly T[],
  chosen: T,
  choose: (tab: T) => void,
): Promise<void> {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  const next = tabs.at((tabs.indexOf(chosen) + step) % tabs.length);
  if (step === 0 || next === undefined) return;
  event.preventDefault();
  const list = event.currentTarget;
  choose(next);
  await nextTick();
  if (list instanceof HTMLElement) list.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
}
