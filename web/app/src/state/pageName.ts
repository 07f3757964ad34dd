import { onScopeDispose, ref, watchEffect } from 'vue';

/** What is in view, as the tab and those who hear the page are told: a room's name, a page's; empty for the rooms. */
export const pageName = ref('');

/** Says so until the scope it is used in ends. */
export function usePageName(name: () => string): void {
  let mine = '';
  watchEffect(() => {
    mine = name();
    pageName.value = mine;
  });
  onScopeDispose(() => {
    // The next page may have said its own already.
    if (pageName.value === mine) pageName.value = '';
  });
}
