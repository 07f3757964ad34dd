import { computed, ref, watch } from 'vue';
import { client, connectionState } from './connection';
import { conversationIsFull, openConversation, takeHistory } from './conversations';
import { useLoad } from './load';

const pageSize = 50;

const loading = useLoad();
/** How far back the conversation in view is loaded, and up to where without a hole; null before the first page. */
const reach = ref<{ readonly from: number; readonly to: number; readonly more: boolean } | null>(null);

/** Whether there are earlier messages than those in view. */
export const earlier = computed<'none' | 'some' | 'loading' | 'failed'>(() => {
  if (loading.busy.value) return 'loading';
  if (loading.phase.value === 'failed') return 'failed';
  const peer = openConversation.value;
  return reach.value?.more && peer !== null && !conversationIsFull(peer) ? 'some' : 'none';
});

/** Loads what stands before what is in view; the newest where that is not here yet. */
export async function loadEarlier(): Promise<void> {
  if (!loading.busy.value) await load(reach.value?.from);
}

async function load(before?: number): Promise<void> {
  const [peer, from] = [openConversation.value, client.value];
  if (peer === null || !from) return;
  await loading.load(
    async () => {
      // What waited for the reader counts as unread before it comes a second time, as history.
      await from.catchUp();
      return await from.history(peer, before === undefined ? { limit: pageSize } : { limit: pageSize, before });
    },
    (page) => {
      takeHistory(peer, page.messages);
      extend(page.from, page.messages.at(-1)?.seq ?? page.from, page.more);
    },
  );
}

/** After a long absence the newest page may not touch what was there before: the way back begins anew then. */
function extend(from: number, to: number, more: boolean): void {
  const known = reach.value;
  if (!known || from > known.to + 1) reach.value = { from, to, more };
  else if (from < known.from) reach.value = { from, to: Math.max(to, known.to), more };
  else reach.value = { ...known, to: Math.max(to, known.to) };
}

/** Follows which conversation is in view. What came while the connection was away is looked for when it is back. Called once. */
export function startHistory(): void {
  watch([openConversation, client], () => {
    loading.drop();
    reach.value = null;
  });
  watch([openConversation, client, connectionState], () => {
    if (connectionState.value === 'online') void load();
  });
}
