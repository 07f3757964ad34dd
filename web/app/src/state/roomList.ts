import { onScopeDispose, ref, shallowRef } from 'vue';
import { type Page, pageApi, type RoomCard } from '../api/page';
import { mergeRooms } from '../logic/roomList';
import { useLoad } from './load';

const roomType = 1;
const pageSize = 24;
const refreshMs = 10_000;

/** The open rooms, page by page, the first page fresh. Ends with the scope it is used in. */
export function useRoomList() {
  const rooms = shallowRef<readonly RoomCard[]>([]);
  const hasNext = ref(false);
  const first = useLoad();
  const next = useLoad();
  const fresh = useLoad();
  let page = 1;

  const ask = (which: number) => pageApi.list(roomType, which, pageSize);

  function begin({ list, hasNext: more }: Page<RoomCard>): void {
    page = 1;
    rooms.value = list;
    hasNext.value = more;
  }

  async function reload(): Promise<void> {
    for (const each of [first, next, fresh]) each.drop();
    rooms.value = [];
    await first.load(() => ask(1), begin);
  }

  async function loadMore(): Promise<void> {
    if (first.phase.value !== 'ready' || !hasNext.value || next.busy.value) return;
    await next.load(
      () => ask(page + 1),
      (more) => {
        page++;
        rooms.value = mergeRooms(rooms.value, more.list);
        hasNext.value = more.hasNext;
      },
    );
  }

  /** Where it fails, what is shown is good enough until the next time. */
  async function refresh(): Promise<void> {
    if (first.phase.value !== 'ready' || document.visibilityState !== 'visible') return;
    await fresh.load(
      () => ask(1),
      (newest) => {
        if (newest.hasNext && page > 1) rooms.value = mergeRooms(newest.list, rooms.value);
        else begin(newest);
      },
    );
  }

  const timer = setInterval(refresh, refreshMs);
  onScopeDispose(() => clearInterval(timer));
  void reload();

  return { rooms, phase: first.phase, hasNext, more: next.busy, morePhase: next.phase, reload, loadMore };
}
