import { getCurrentScope, onScopeDispose, ref } from 'vue';
import { apiErrorText } from '../i18n/apiErrors';
import { guarded } from './session';

/**
 * What a button does: one at a time, and what went wrong in words, none where it is said at a field. `tell` is for those
 * who have no place of their own for it; what it returns takes back what was told, when the button is pressed again or is
 * gone.
 */
export function useAction(tell?: (text: string) => () => void) {
  const busy = ref(false);
  const error = ref('');
  let takeBack = () => {};

  if (getCurrentScope()) onScopeDispose(() => takeBack());

  /** Whether it was done; false when it failed, and when one is under way. */
  async function run(action: () => Promise<unknown>, textOf = apiErrorText): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    error.value = '';
    takeBack();
    try {
      await guarded(action);
      return true;
    } catch (cause) {
      error.value = textOf(cause);
      if (error.value !== '') takeBack = tell?.(error.value) ?? takeBack;
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, error, run };
}
