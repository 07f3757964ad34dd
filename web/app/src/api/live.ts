import { post, upload } from './http';
import { type ImConfig, pageApi } from './page';

/** The anchor's view of the stream; what is not known while nothing is sent is missing. */
export interface StreamStats {
  /** What OBS calls the server, and the stream key. */
  readonly server: string;
  readonly key: string;
  readonly state: string;
  readonly kbps?: number | null;
  readonly fps?: number | null;
  readonly width?: number | null;
  readonly height?: number | null;
  readonly video?: string | null;
  readonly audio?: string | null;
  readonly gopSeconds?: number | null;
  readonly viewers?: number | null;
  /** Viewers whose line is too slow, who were moved on to a newer picture. */
  readonly droppedViewers?: number | null;
  readonly uptimeSeconds?: number | null;
}

/** The calls of the page API that are about the picture, and about those who only watch. */
export const liveApi = {
  /** The path of the room's picture; null where there is none, or no room any more. */
  streamPath: async (roomId: number): Promise<string | null> => (await pageApi.anchorConfig(roomId)).streamUrl || null,
  stats: (roomId: number) => post<StreamStats>('/living/stream', { roomId }),
  resetKey: (roomId: number) => post<{ key: string }>('/living/resetStreamKey', { roomId }),
  /** A cover that the page took of the picture: it takes no chosen one's place. */
  cover: (file: File) => upload<{ covertImg: string }>('/living/cover', 'cover', file, { auto: 'true' }),
  guestConfig: (signal: AbortSignal) => post<ImConfig>('/im/guestConfig', {}, { signal, timeoutMs: 5000 }),
};
