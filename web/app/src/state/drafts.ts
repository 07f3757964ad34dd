import { ref } from 'vue';
import { readTabSetting, removeTabSettings, writeTabSetting } from '../platform/settings';
import { onSignOut, user } from './session';

const draftsOf = 'draft.';

/**
 * What was typed and not sent, where it was typed (`room.7`): it is there again after a look at another page, and after the
 * tab was loaded anew. Another user of the tab has other ones.
 */
export function useDraft(where: string) {
  const name = `${draftsOf}${user.value?.userId ?? 0}.${where}`;
  const text = ref(readTabSetting(name) ?? '');

  function keep(): void {
    writeTabSetting(name, text.value === '' ? null : text.value);
  }

  return { text, keep };
}

/** Follows signing out: nothing that was typed stays. Called once. */
export function startDrafts(): void {
  onSignOut((userId) => removeTabSettings(`${draftsOf}${userId}.`));
}
