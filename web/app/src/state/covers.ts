import { onScopeDispose } from 'vue';
import { liveApi } from '../api/live';
import { takeCover } from '../video/picture';
import { guarded } from './session';

const everyMs = 30_000;
/** The first pictures of a camera are often black. */
const firstMs = 4000;

/** Sends what the anchor's page shows to the list from time to time, as the room's cover, while there is something. */
export function useCovers(shown: () => HTMLVideoElement | null): void {
  let timer = setTimeout(send, firstMs);
  let isOver = false;

  async function send(): Promise<void> {
    const video = shown();
    // A tab that nobody sees may not draw.
    if (video && !document.hidden) await upload(video);
    if (!isOver) timer = setTimeout(send, video ? everyMs : firstMs);
  }

  async function upload(video: HTMLVideoElement): Promise<void> {
    try {
      const file = await takeCover(video);
      if (file) await guarded(() => liveApi.cover(file));
    } catch {
      // The cover before stays, and the next one is half a minute away: nothing to disturb an anchor with.
    }
  }

  onScopeDispose(() => {
    isOver = true;
    clearTimeout(timer);
  });
}
