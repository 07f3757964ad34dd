import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import { type ListOrder, normalRoom, type Page, pageApi, type RoomCard, type RoomSort } from '../api/page';
import { mergeRooms } from '../logic/roomList';
import { useLoad } from './load';
import { whileSeen } from './seen';

const pageSize = 24;
const refreshMs = 10_000;
/** So many pages are one question: the server gives 100 rooms at most. */
const refreshPages = 4;
/** After the last letter. */
const typingMs = 300;

/** The open rooms in an order, or those that a search finds; page by page, all that is shown fresh. Ends with the scope it is used in. */
export function useRoomList() {
  const rooms = shallowRef<readonly RoomCard[]>([]);
  const hasNext = ref(false);
  const sort = ref<RoomSort>('viewers');
  const query = ref('');
  /** What is shown is the answer to this. */
  const shown = shallowRef<Required<ListOrder>>({ sort: 'viewers', q: '' });
  const first = useLoad();
  const next = useLoad();
  const fresh = useLoad();
  let pages = 1;
  let typing: ReturnType<typeof setTimeout> | undefined;

  const isChanging = () => first.phase.value !== 'ready' || first.busy.value || typing !== undefined;

  function show(answers: readonly Page<RoomCard>[]): void {
    rooms.value = mergeRooms(...answers.map((answer) => answer.list));
    hasNext.value = answers.at(-1)?.hasNext === true;
    pages = Math.max(1, Math.ceil(rooms.value.length / pageSize));
  }

  /** What is shown stays until the answer is here. */
  async function reload(): Promise<void> {
    clearTimeout(typing);
    typing = undefined;
    for (const each of [next, fresh]) each.drop();
    const order = { sort: sort.value, q: query.value.trim() };
    await first.load(
      () => pageApi.list(normalRoom, 1, pageSize, order),
      (answer) => {
        shown.value = order;
        show([answer]);
      },
    );
  }

  async function loadMore(): Promise<void> {
    if (isChanging() || !hasNext.value || next.busy.value) return;
    await next.load(
      () => pageApi.list(normalRoom, pages + 1, pageSize, shown.value),
      (more) => {
        pages++;
        rooms.value = mergeRooms(rooms.value, more.list);
        hasNext.value = more.hasNext;
      },
    );
  }

  /** In few questions, however many pages there are. Where it fails, what is shown is good enough until the next time. */
  async function refresh(): Promise<void> {
    if (isChanging() || next.busy.value) return;
    const size = pageSize * Math.min(pages, refreshPages);
    const all = Array.from({ length: Math.ceil((pages * pageSize) / size) }, (_, n) => n + 1);
    await fresh.load(() => Promise.all(all.map((page) => pageApi.list(normalRoom, page, size, shown.value))), show);
  }

  watch(sort, reload);
  watch(query, () => {
    clearTimeout(typing);
    typing = setTimeout(reload, typingMs);
  });
  const stopRefreshing = whileSeen(refresh, refreshMs);
  onScopeDispose(() => {
    stopRefreshing();
    clearTimeout(typing);
  });
  void reload();

  const { phase } = first;
  return { rooms, phase, hasNext, sort, query, shown, more: next.busy, morePhase: next.phase, reload, loadMore };
}
