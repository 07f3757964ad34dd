import { onScopeDispose, type Ref, ref } from 'vue';

/** Whether a media query holds, while the scope lasts that it is used in. */
export function useMedia(query: string): Readonly<Ref<boolean>> {
  const media = matchMedia(query);
  const holds = ref(media.matches);

  function follow(): void {
    holds.value = media.matches;
  }

  media.addEventListener('change', follow);
  onScopeDispose(() => media.removeEventListener('change', follow));
  return holds;
}
