import { ref, shallowRef } from 'vue';
import { ApiError } from '../api/http';
import { pageApi } from '../api/page';
import { t } from '../i18n';
import { apiErrorText } from '../i18n/apiErrors';

/** A picture to be the cover, `auto` for those that are taken of the video, or null to leave it as it is. */
export type CoverChoice = File | 'auto' | null;

/** What a host chooses as the cover of a room, and what is wrong with it, which stands at the field until that changes. */
export function useOwnCover() {
  const choice = shallowRef<CoverChoice>(null);
  const error = ref('');

  /** Tells the server; whether it took it. */
  async function keep(): Promise<boolean> {
    error.value = '';
    try {
      if (choice.value === 'auto') await pageApi.automaticCover();
      else if (choice.value) await pageApi.chooseCover(choice.value);
      choice.value = null;
      return true;
    } catch (cause) {
      const isRefused = cause instanceof ApiError && cause.code === 400;
      error.value = isRefused ? t('me.avatarWrongType') : apiErrorText(cause);
      return false;
    }
  }

  return { choice, error, keep };
}
