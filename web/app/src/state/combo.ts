import { onScopeDispose, ref } from 'vue';

/** What comes later than so after the last one begins anew. */
const pauseMs = 1500;

/** Counts what somebody does quickly, one after the other. Ends with the scope it is used in. */
export function useCombo() {
  const count = ref(0);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function add(): void {
    count.value++;
    clearTimeout(timer);
    timer = setTimeout(() => (count.value = 0), pauseMs);
  }

  onScopeDispose(() => clearTimeout(timer));
  return { count, add };
}
