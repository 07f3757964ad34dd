import { computed, shallowRef } from 'vue';

export interface Toast {
  readonly id: number;
  readonly text: string;
  /** What went wrong interrupts who hears the page; what went well waits for its turn. */
  readonly kind: 'info' | 'error';
  /** What it is about: a newer one about the same takes its place. */
  readonly about: string;
  /** What takes back what was done, in a word. */
  readonly undo?: Undo | undefined;
}

export interface Undo {
  readonly text: string;
  readonly run: () => void;
}

const shownMs: Record<Toast['kind'], number> = { info: 4000, error: 7000 };
/** What can be taken back is there for longer: somebody has to get there. */
const undoMs = 8000;
/** While others wait, one is there so long as it takes to read it. */
const hurriedMs = 1500;
/** More that wait would tell of what is long over. */
const maxWaiting = 2;

/** The first is in view, the others wait. */
const queue = shallowRef<readonly Toast[]>([]);
let nextId = 1;
/** The one in view, and since when. */
let shown = { id: 0, since: 0 };
let timer: ReturnType<typeof setTimeout> | undefined;

/** What is told in passing now: one at a time. */
export const currentToast = computed(() => queue.value[0] ?? null);

/**
 * Tells something in passing, in the place of what was told about the same; unless said, that is the same text. The
 * function it returns takes it away sooner, when what it says is over.
 */
export function toast(text: string, kind: Toast['kind'] = 'info', about = text, undo?: Undo): () => void {
  const id = nextId++;
  const told = { id, text, kind, about, undo };
  const others = queue.value.filter((other) => other.about !== about);
  // What is about the same as the one in view is in view at once.
  const isNow = queue.value[0]?.about === about;
  const [first, ...waiting] = others;
  if (isNow || first === undefined) arrange([told, ...others]);
  else arrange([first, ...[...waiting, told].slice(-maxWaiting)]);
  return () => dismiss(id);
}

export function dismiss(id: number): void {
  arrange(queue.value.filter((other) => other.id !== id));
}

function arrange(next: readonly Toast[]): void {
  queue.value = next;
  clearTimeout(timer);
  const [first] = next;
  if (!first) return;
  if (first.id !== shown.id) shown = { id: first.id, since: Date.now() };
  const lasts = next.length > 1 ? hurriedMs : first.undo ? undoMs : shownMs[first.kind];
  timer = setTimeout(() => dismiss(first.id), Math.max(0, shown.since + lasts - Date.now()));
}

/** Tells what went wrong. */
export function toastProblem(text: string): () => void {
  return toast(text, 'error');
}
