import { computed, shallowRef } from 'vue';
import { pageApi, type RoomRestrictions } from '../api/page';
import { useNewest } from './load';
import { whileSeen } from './seen';
import { guarded } from './session';

/** How often who looks at the lists sees what others, or the time, have changed. */
const lookMs = 15_000;

const known = shallowRef<(RoomRestrictions & { readonly roomId: number }) | null>(null);
const newest = useNewest();

/** Who is muted and removed in the user's own room, as it was asked last; null before. */
export const restrictions = computed(() => known.value);

/** Asks anew. Where that fails, what is known stays. */
export async function lookAtRestrictions(roomId: number): Promise<void> {
  const isAsked = newest.ask();
  const answer = await guarded(() => pageApi.restrictions(roomId)).catch(() => null);
  if (answer && isAsked()) known.value = { ...answer, roomId };
}

/** Who is muted in a room, as far as is known. */
export function mutedIn(roomId: number): ReadonlySet<number> {
  const lists = known.value?.roomId === roomId ? known.value.muted : [];
  return new Set(lists.filter(({ until }) => until > Date.now()).map(({ userId }) => userId));
}

export async function unmute(roomId: number, userId: number): Promise<void> {
  await pageApi.unmute(roomId, userId);
  await lookAtRestrictions(roomId);
}

export async function letBack(roomId: number, userId: number): Promise<void> {
  await pageApi.unremove(roomId, userId);
  await lookAtRestrictions(roomId);
}

/** Asks now and then, until the function it returns is called. */
export function followRestrictions(roomId: number): () => void {
  void lookAtRestrictions(roomId);
  return whileSeen(() => void lookAtRestrictions(roomId), lookMs);
}
