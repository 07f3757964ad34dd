import { onScopeDispose, type Ref, ref, watch } from 'vue';

/** So long what stands over a picture is there after a touch. */
const shownMs = 3000;
const controls = 'a, button, input';

/**
 * Whether what stands over a picture is out of the way, for who has no pointer that could say so: some time after the last
 * touch. A touch of the picture brings it back, or takes it away. Ends with the scope it is used in.
 */
export function useFading(isWatched: Ref<boolean>) {
  const isFaded = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function show(): void {
    clearTimeout(timer);
    isFaded.value = false;
    if (isWatched.value) timer = setTimeout(() => (isFaded.value = true), shownMs);
  }

  function touch({ target }: Event): void {
    const isOnControl = target instanceof Element && target.closest(controls) !== null;
    if (isFaded.value || isOnControl || !isWatched.value) show();
    else isFaded.value = true;
  }

  watch(isWatched, show, { immediate: true });
  onScopeDispose(() => clearTimeout(timer));
  return { isFaded, touch, show };
}
