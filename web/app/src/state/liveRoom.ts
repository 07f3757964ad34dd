import { ref, watch } from 'vue';
import { client, onConnection } from './connection';
import { user } from './session';

/** The room that the user is live in. The page stays in it on every page, for a room closes when its anchor is away. */
export const liveRoom = ref<number | null>(null);

/** Follows the end of the room. Called once. */
export function startLiveRoom(): void {
  onConnection('roomClosed', ({ roomId }) => {
    if (roomId === liveRoom.value) liveRoom.value = null;
  });
  watch(
    () => user.value?.userId,
    () => {
      liveRoom.value = null;
    },
  );
  // A connection made anew by hand has not joined anything.
  watch(client, (now) => {
    if (now && liveRoom.value !== null) now.join(liveRoom.value).catch(() => {});
  });
}
