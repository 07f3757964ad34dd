import { ref } from 'vue';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: 'info' | 'error';
  /** What it is about: a newer one about the same takes its place. */
  readonly about: string;
}

const shownMs = 5000;
const maxToasts = 3;
let nextId = 1;

export const toasts = ref<readonly Toast[]>([]);

/**
 * Tells something in passing, in the place of what was told about the same; unless said, that is the same text. The
 * function it returns takes it away sooner, when what it says is over.
 */
export function toast(text: string, kind: Toast['kind'] = 'info', about = text): () => void {
  const id = nextId++;
  const others = toasts.value.filter((other) => other.about !== about);
  toasts.value = [...others.slice(1 - maxToasts), { id, text, kind, about }];
  setTimeout(() => dismiss(id), shownMs);
  return () => dismiss(id);
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((other) => other.id !== id);
}

/** Tells what went wrong. */
export function toastProblem(text: string): () => void {
  return toast(text, 'error');
}
