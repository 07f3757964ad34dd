import { ref } from 'vue';
import { apiErrorText } from '../api/errors';

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

/** Tells what an API call failed with. */
export function toastError(cause: unknown): void {
  toast(apiErrorText(cause), 'error');
}
