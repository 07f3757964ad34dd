import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import { pageApi, type RoomPerson } from '../api/page';
import { useLoad } from './load';
import { whileSeen } from './seen';

const lookMs = 10_000;

/** Who is in a room, asked anew as long as that may be known: the anchor first. Ends with the scope it is used in. */
export function useMembers(roomId: number, anchorId: () => number | null, mayKnow: () => boolean) {
  const people = shallowRef<readonly RoomPerson[]>([]);
  /** Who looks on without an account: a number alone. */
  const guests = ref(0);
  const cursor = ref<number | null>(null);
  const first = useLoad();
  const next = useLoad();
  let pages = 1;
  let stopLooking = (): void => {};

  async function load(): Promise<void> {
    next.drop();
    await first.load(
      () => pageApi.members(roomId),
      (answer) => {
        pages = 1;
        people.value = anchorFirst(answer.list);
        guests.value = answer.guests;
        cursor.value = answer.cursor ?? null;
      },
    );
  }

  async function loadMore(): Promise<void> {
    const from = cursor.value;
    if (from === null || next.busy.value) return;
    await next.load(
      () => pageApi.members(roomId, from),
      (answer) => {
        pages++;
        people.value = anchorFirst([...people.value, ...answer.list]);
        cursor.value = answer.cursor ?? null;
      },
    );
  }

  function anchorFirst(list: readonly RoomPerson[]): readonly RoomPerson[] {
    const anchor = list.find(({ userId }) => userId === anchorId());
    return anchor ? [anchor, ...list.filter((person) => person !== anchor)] : list;
  }

  /** Who has read on keeps what is there: it would go away under the reader. */
  function look(): void {
    if (pages === 1) void load();
  }

  watch(
    mayKnow,
    (may) => {
      stopLooking();
      if (!may) return;
      void load();
      stopLooking = whileSeen(look, lookMs);
    },
    { immediate: true },
  );
  onScopeDispose(() => stopLooking());

  return { people, guests, hasNext: () => cursor.value !== null, phase: first.phase, more: next.busy, load, loadMore };
}
