import { onScopeDispose, ref, shallowRef } from 'vue';
import { pageApi, type RoomCard, type RoomType } from '../api/page';
import { mergeRooms } from '../logic/roomList';

const pageSize = 24;
const refreshMs = 10_000;

/** The open rooms of one type, page by page, the first page fresh. Ends with the scope it is used in. */
export function useRoomList() {
  const type = ref<RoomType>(1);
  const rooms = shallowRef<readonly RoomCard[]>([]);
  const phase = ref<'loading' | 'failed' | 'ready'>('loading');
  const hasNext = ref(false);
  const more = ref(false);
  const moreFailed = ref(false);
  let page = 1;
  /** Answers to what is not asked any more are dropped. */
  let asked = 0;

  async function reload(): Promise<void> {
    const mine = ++asked;
    phase.value = 'loading';
    rooms.value = [];
    more.value = false;
    moreFailed.value = false;
    page = 1;
    try {
      const first = await pageApi.list(type.value, 1, pageSize);
      if (mine !== asked) return;
      rooms.value = first.list;
      hasNext.value = first.hasNext;
      phase.value = 'ready';
    } catch {
      if (mine === asked) phase.value = 'failed';
    }
  }

  async function loadMore(): Promise<void> {
    if (phase.value !== 'ready' || !hasNext.value || more.value) return;
    const mine = asked;
    more.value = true;
    moreFailed.value = false;
    try {
      const next = await pageApi.list(type.value, page + 1, pageSize);
      if (mine !== asked) return;
      page++;
      rooms.value = mergeRooms(rooms.value, next.list);
      hasNext.value = next.hasNext;
    } catch {
      if (mine === asked) moreFailed.value = true;
    }
    if (mine === asked) more.value = false;
  }

  async function refresh(): Promise<void> {
    if (phase.value !== 'ready' || document.visibilityState !== 'visible') return;
    const mine = asked;
    try {
      const first = await pageApi.list(type.value, 1, pageSize);
      if (mine !== asked) return;
      if (first.hasNext && page > 1) {
        rooms.value = mergeRooms(first.list, rooms.value);
      } else {
        page = 1;
        rooms.value = first.list;
        hasNext.value = first.hasNext;
      }
    } catch {
      // What is shown is good enough until the next time.
    }
  }

  function choose(next: RoomType): void {
    if (type.value === next) return;
    type.value = next;
    void reload();
  }

  const timer = setInterval(refresh, refreshMs);
  onScopeDispose(() => clearInterval(timer));
  void reload();

  return { type, rooms, phase, hasNext, more, moreFailed, reload, loadMore, choose };
}
