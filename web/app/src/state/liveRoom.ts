import type { RoomInfo, SailfishClient } from '@sailfish/sdk';
import { ref, shallowRef, watch } from 'vue';
import { pageApi } from '../api/page';
import { readSetting, writeSetting } from '../platform/settings';
import { client, onConnection } from './connection';
import { parseId, route } from './route';
import { guarded, onSignOut, user } from './session';

const liveIn = 'live.';
const endedIn = 'ended.';

/** The room that the user is live in. The page stays in it on every page, for a room closes when its anchor is away. */
export const liveRoom = ref<number | null>(null);

/** How that room stood when this tab joined it last. */
export const liveInfo = shallowRef<RoomInfo | null>(null);

/** The user's open room, in whichever tab of this browser it was entered; null where there is none. */
export async function findLiveRoom(): Promise<number | null> {
  if (liveRoom.value !== null || !user.value) return liveRoom.value;
  const kept = parseId(readSetting(`${liveIn}${user.value.userId}`) ?? '');
  if (kept === null) return null;
  const config = await guarded(() => pageApi.anchorConfig(kept));
  return config.anchor ? kept : null;
}

/** Remembers that the user ended the room here: whoever comes back to its address is told so. */
export function noteEnded(roomId: number): void {
  if (user.value) writeSetting(`${endedIn}${user.value.userId}`, `${roomId}`);
}

/** Whether it was this room that the user ended last in this browser. */
export function wasEndedHere(roomId: number): boolean {
  return user.value !== null && readSetting(`${endedIn}${user.value.userId}`) === `${roomId}`;
}

/** Follows the end of the room. Called once. */
export function startLiveRoom(): void {
  onConnection('roomClosed', ({ roomId }) => forget(roomId));
  // It closed while the connection was away.
  onConnection('roomLeft', ({ roomId }) => forget(roomId));
  watch(
    () => user.value?.userId,
    () => {
      liveRoom.value = null;
    },
  );
  watch(liveRoom, (roomId) => {
    if (roomId !== null && user.value) writeSetting(`${liveIn}${user.value.userId}`, `${roomId}`);
    // Who leaves the page leaves the room, which closes soon after, and the camera's picture ends at once.
    if (roomId === null) removeEventListener('beforeunload', askToStay);
    else addEventListener('beforeunload', askToStay);
  });
  onSignOut((userId) => {
    for (const name of [liveIn, endedIn]) writeSetting(`${name}${userId}`, null);
  });
  // A connection made anew by hand has not joined anything, nor has a page that was loaded anew.
  watch(client, (now) => {
    if (now && liveRoom.value !== null) now.join(liveRoom.value).then(noteInfo, () => {});
    else if (now) void resume(now);
  });
}

function noteInfo(info: RoomInfo): void {
  liveInfo.value = info;
}

function askToStay(event: BeforeUnloadEvent): void {
  // Whoever has touched nothing yet is not asked by any browser, and some complain of the attempt.
  if (navigator.userActivation?.hasBeenActive ?? true) event.preventDefault();
}

/** Goes back into the room of before the page was loaded anew, which would close without its anchor. */
async function resume(from: SailfishClient): Promise<void> {
  const roomId = await findLiveRoom().catch(() => null);
  const isInView = route.value.page === 'room' && route.value.roomId === roomId;
  if (roomId === null || isInView || liveRoom.value !== null || from !== client.value) return;
  liveRoom.value = roomId;
  from.join(roomId).then(noteInfo, () => forget(roomId));
}

function forget(roomId: number): void {
  if (roomId === liveRoom.value) liveRoom.value = null;
}
