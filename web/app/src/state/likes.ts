import { computed, onScopeDispose, ref, watch } from 'vue';
import { ApiError } from '../api/http';
import { pageApi } from '../api/page';
import { connectionState, onConnection } from './connection';
import { guarded } from './session';

const intervalMs = 500;
/** The most that one request gives. */
const maxCount = 50;

/** A room's likes: those of others as the server tells of them, one's own at once. Ends with the scope it is used in. */
export function useLikes(roomId: number, isOpen: () => boolean) {
  const likes = ref(0);
  const handlers = new Set<(count: number) => void>();
  let unsent = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** A like reaches the server only then. */
  const canLike = computed(() => isOpen() && connectionState.value === 'online');

  /** Clicks are summed: the server is told a few times a second, however fast they come. */
  function like(): void {
    if (!canLike.value) return;
    likes.value++;
    unsent++;
    sendSoon();
  }

  function sendSoon(): void {
    if (unsent > 0) timer ??= setTimeout(send, intervalMs);
  }

  async function send(): Promise<void> {
    timer = undefined;
    const count = Math.min(unsent, maxCount);
    if (count === 0) return;
    unsent -= count;
    sendSoon();
    await guarded(() => pageApi.like(roomId, count)).catch((cause: unknown) => keep(count, cause));
  }

  /** What did not reach the server is sent when it is back; what it refused is not shown as given. */
  function keep(count: number, cause: unknown): void {
    const isAway = cause instanceof ApiError && (cause.code === 0 || cause.code > 500) && cause.code !== 501;
    if (isAway) unsent += count;
    else likes.value -= count;
  }

  /** The sum when the room was entered. */
  function begin(sum: number): void {
    likes.value = Math.max(likes.value, sum);
  }

  onConnection('likes', (event) => {
    const others = event.likes + unsent - likes.value;
    if (event.roomId !== roomId || others <= 0) return;
    likes.value += others;
    for (const handler of handlers) handler(others);
  });
  watch(connectionState, (now) => now === 'online' && sendSoon());
  onScopeDispose(() => {
    clearTimeout(timer);
    void send();
  });

  return {
    likes,
    canLike,
    like,
    begin,
    /** Calls the handler with how many likes others gave, as the server tells of them, until the function it returns is called. */
    onLikes: (handler: (count: number) => void): (() => void) => {
      handlers.add(handler);
      return () => void handlers.delete(handler);
    },
  };
}
