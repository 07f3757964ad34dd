import { getCurrentScope, onScopeDispose, ref, shallowRef } from 'vue';
import { guarded } from './session';

/** Tells the answer to what was asked last from those that nobody waits for any more, in the scope it is used in, if any. */
export function useNewest() {
  let asked = 0;

  /** Gives whether what is asked now is still what was asked last. */
  function ask(): () => boolean {
    const mine = ++asked;
    return () => mine === asked;
  }

  function drop(): void {
    asked++;
  }

  if (getCurrentScope()) onScopeDispose(drop);
  return { ask, drop };
}

/** What is loaded, may fail, and is tried again. What is there stays until the next answer is here. */
export function useLoad() {
  const phase = ref<'idle' | 'loading' | 'failed' | 'ready'>('idle');
  const failure = shallowRef<unknown>(null);
  const busy = ref(false);
  const newest = useNewest();

  /** Gives the answer to `take`, unless something else was asked meanwhile, or nothing is wanted any more. */
  async function load<T>(ask: () => Promise<T>, take: (answer: T) => void): Promise<void> {
    const isAsked = newest.ask();
    if (phase.value !== 'ready') phase.value = 'loading';
    busy.value = true;
    try {
      const answer = await guarded(ask);
      if (!isAsked()) return;
      take(answer);
      phase.value = 'ready';
    } catch (cause) {
      if (!isAsked()) return;
      failure.value = cause;
      phase.value = 'failed';
    }
    busy.value = false;
  }

  /** Begins anew: an answer that is on its way is dropped. */
  function drop(): void {
    newest.drop();
    phase.value = 'idle';
    busy.value = false;
  }

  return { phase, failure, busy, load, drop };
}
