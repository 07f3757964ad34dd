import { onScopeDispose, ref, watch } from 'vue';

const tickMs = 1000;

/** The time, told each second while the condition holds and the scope lasts that it is used in. */
export function useNow(isWanted: () => boolean) {
  const now = ref(Date.now());
  let timer: ReturnType<typeof setInterval> | undefined;

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  watch(
    isWanted,
    (wanted) => {
      stop();
      now.value = Date.now();
      if (wanted) timer = setInterval(() => (now.value = Date.now()), tickMs);
    },
    { immediate: true },
  );
  onScopeDispose(stop);
  return now;
}
