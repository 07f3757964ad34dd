import { onScopeDispose, ref, watchEffect } from 'vue';

/** Whether what is in view has a phone's screen to itself: an open room, or a conversation. */
export const immersive = ref(false);

/** Says so while the condition holds, and until the scope it is used in ends. */
export function useImmersive(condition: () => boolean): void {
  watchEffect(() => {
    immersive.value = condition();
  });
  onScopeDispose(() => {
    immersive.value = false;
  });
}
