import { nextTick, onScopeDispose, type Ref, ref, watch } from 'vue';

/** So long somebody pauses who has typed what he wanted to. */
const pauseMs = 600;

/**
 * What is wrong with what stands in a field, in a sentence: told when its writer pauses, and taken back as soon as it is
 * right, as is what the server found wrong with it. Ends with the scope it is used in.
 */
export function useFieldCheck(value: Ref<string>, problemOf: (value: string) => string) {
  const error = ref('');
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Looks at once, as before sending; whether it is right. */
  function check(): boolean {
    clearTimeout(timer);
    error.value = problemOf(value.value);
    return error.value === '';
  }

  function follow(now: string): void {
    clearTimeout(timer);
    // Who has not begun has done nothing wrong; and what is told already changes as it is typed.
    const problem = now === '' ? '' : problemOf(now);
    if (problem === '' || error.value !== '') error.value = problem;
    else timer = setTimeout(check, pauseMs);
  }

  // At once: what is found wrong a moment later, as when it is sent, stays.
  watch(value, follow, { flush: 'sync' });
  onScopeDispose(() => clearTimeout(timer));

  return { error, check };
}

/** Leads to the first field of a form that has something wrong. */
export async function focusInvalid(form: HTMLElement | null): Promise<void> {
  await nextTick();
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
