import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import { type Page, pageApi, type RoomCard, type RoomSort } from '../api/page';
import { mergeRooms } from '../logic/roomList';
import { useLoad } from './load';

const roomType = 1;
const pageSize = 24;
const refreshMs = 10_000;
/** After the last letter. */
const typingMs = 300;

/** The open rooms in an order, or those that a search finds; page by page, all that is shown fresh. Ends with the scope it is used in. */
export function useRoomList() {
  const rooms = shallowRef<readonly RoomCard[]>([]);
  const hasNext = ref(false);
  const sort = ref<RoomSort>('viewers');
  const query = ref('');
  const first = useLoad();
  const next = useLoad();
  const fresh = useLoad();
  let pages = 1;
  let typing: ReturnType<typeof setTimeout> | undefined;

  const ask = (page: number) => pageApi.list(roomType, page, pageSize, { sort: sort.value, q: query.value.trim() });

  function show(answers: readonly Page<RoomCard>[]): void {
    rooms.value = mergeRooms(...answers.map((answer) => answer.list));
    hasNext.value = answers.at(-1)?.hasNext === true;
  }

  /** What is shown stays until the answer is here. */
  async function reload(): Promise<void> {
    for (const each of [next, fresh]) each.drop();
    pages = 1;
    await first.load(
      () => ask(1),
      (answer) => show([answer]),
    );
  }

  async function loadMore(): Promise<void> {
    if (first.phase.value !== 'ready' || !hasNext.value || next.busy.value) return;
    await next.load(
      () => ask(pages + 1),
      (more) => {
        pages++;
        rooms.value = mergeRooms(rooms.value, more.list);
        hasNext.value = more.hasNext;
      },
    );
  }

  /** Where it fails, what is shown is good enough until the next time. */
  async function refresh(): Promise<void> {
    if (first.phase.value !== 'ready' || next.busy.value || document.visibilityState !== 'visible') return;
    const all = Array.from({ length: pages }, (_, n) => n + 1);
    await fresh.load(
      () => Promise.all(all.map(ask)),
      (answers) => {
        if (answers.length === pages) show(answers);
      },
    );
  }

  watch(sort, reload);
  watch(query, () => {
    clearTimeout(typing);
    typing = setTimeout(reload, typingMs);
  });
  const timer = setInterval(refresh, refreshMs);
  onScopeDispose(() => {
    clearInterval(timer);
    clearTimeout(typing);
  });
  void reload();

  return { rooms, phase: first.phase, hasNext, sort, query, more: next.busy, morePhase: next.phase, reload, loadMore };
}
