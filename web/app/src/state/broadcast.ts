import { type ComputedRef, computed, type Ref, ref, shallowRef, watch } from 'vue';
import { socketAddress } from '../logic/ownAddress';
import type { StreamState } from '../logic/streamState';
import type { Broadcast, BroadcastView } from '../video/camera';
import { type CameraChoice, openCamera, openScreen, stopTracks } from '../video/capture';
import type { BroadcastEnd } from '../video/publishEnding';
import { type QualityName, qualities } from '../video/quality';
import { onConnection } from './connection';
import { liveRoom } from './liveRoom';

export type SourceKind = 'camera' | 'screen';

const current = shallowRef<Broadcast | null>(null);
const currentSource = shallowRef<MediaStream | null>(null);
const view = shallowRef<BroadcastView | null>(null);

/** What this tab sends to the anchor's room, over all pages, as the room goes on there too; null while it sends nothing. */
export const broadcast = computed(() => view.value);
/** The same as the camera sees it, before it goes out. */
export const broadcastSource = computed(() => currentSource.value);
/** What is sent, or was last. */
export const broadcastKind = ref<SourceKind>('camera');
/** How the last broadcast ended, where that was not by the anchor. */
export const broadcastEnd = ref<BroadcastEnd | null>(null);

/** The room that was just opened to be seen by the camera: the room's page turns it on; null when none was. */
export const cameraRoom = ref<number | null>(null);

export async function openSource(kind: SourceKind, choice: CameraChoice, quality: QualityName): Promise<MediaStream> {
  return await (kind === 'camera' ? openCamera : openScreen)(choice, qualities[quality]);
}

/** Sends the source to the room from now on. The source is closed with the broadcast. */
export async function startBroadcast(kind: SourceKind, source: MediaStream, quality: QualityName): Promise<void> {
  stopBroadcast();
  const { Broadcast } = await import('../video/camera');
  broadcastEnd.value = null;
  currentSource.value = source;
  const begun = new Broadcast({
    url: socketAddress('/live/publish'),
    source,
    quality: qualities[quality],
    changed: take,
  });
  // A source may have ended before it began.
  if (begun.view.phase === 'over') return take(begun.view);
  current.value = begun;
  view.value = begun.view;
  broadcastKind.value = kind;
}

export function stopBroadcast(): void {
  current.value?.stop();
}

/** Whether what is sent has sound. */
export function setMicrophone(on: boolean): void {
  for (const track of currentSource.value?.getAudioTracks() ?? []) track.enabled = on;
}

/**
 * Whether another program, or another browser of the anchor, sends the picture of the anchor's room. What was sent from here
 * is there for a moment after its end, and is no other's.
 */
export function useElsewhere(stream: Ref<StreamState>): ComputedRef<boolean> {
  const isOwn = ref(false);
  watch(
    [view, stream, broadcastEnd],
    ([now, state, end]) => {
      if (now?.phase === 'live') isOwn.value = true;
      else if (state === 'off' || end === 'takenOver') isOwn.value = false;
    },
    { immediate: true },
  );
  return computed(() => stream.value !== 'off' && !isOwn.value);
}

function take(now: BroadcastView): void {
  if (now.phase !== 'over') {
    view.value = now;
    return;
  }
  stopTracks(currentSource.value);
  current.value = null;
  currentSource.value = null;
  view.value = null;
  broadcastEnd.value = now.end === 'stopped' ? null : now.end;
}

/** Ends the broadcast with its room. Called once. */
export function startBroadcasts(): void {
  onConnection('roomClosed', ({ roomId }) => {
    if (roomId === liveRoom.value) stopBroadcast();
  });
  watch(liveRoom, (now) => {
    if (now === null) stopBroadcast();
  });
}
