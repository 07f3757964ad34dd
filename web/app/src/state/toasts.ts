import { ref } from 'vue';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: 'info' | 'error';
}

const shownMs = 5000;
let nextId = 1;

export const toasts = ref<readonly Toast[]>([]);

/** Tells something in passing. */
export function toast(text: string, kind: Toast['kind'] = 'info'): void {
  const id = nextId++;
  toasts.value = [...toasts.value.slice(-2), { id, text, kind }];
  setTimeout(() => dismiss(id), shownMs);
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((other) => other.id !== id);
}

/** Tells what went wrong. */
export function toastProblem(text: string): void {
  toast(text, 'error');
}
