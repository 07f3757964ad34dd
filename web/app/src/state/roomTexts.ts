import { type Ref, ref, watch } from 'vue';
import { apiErrorText, roomTextError } from '../i18n/apiErrors';

/** What the server finds wrong with what an anchor writes on a room, at the field that it is about until that changes. */
export function useRoomTexts(title: Ref<string>, announcement: Ref<string>) {
  const errors = { title: ref(''), announcement: ref('') };

  watch(title, () => (errors.title.value = ''), { flush: 'sync' });
  watch(announcement, () => (errors.announcement.value = ''), { flush: 'sync' });

  /** For what is about neither, in a sentence; else empty. */
  function textOf(cause: unknown): string {
    const found = roomTextError(cause);
    if (!found) return apiErrorText(cause);
    errors[found.field].value = found.text;
    return '';
  }

  return { titleError: errors.title, announcementError: errors.announcement, textOf };
}
