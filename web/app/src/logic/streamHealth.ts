/** What can be told of a stream from its figures: the first that holds. */
export type StreamHealth = 'away' | 'slow' | 'sparse' | 'good';

interface Figures {
  readonly state: string;
  readonly fps?: number | null;
  readonly gopSeconds?: number | null;
}

/** Fewer pictures a second do not look as if they moved. */
const fewFps = 12;
/** Longer than this, whoever comes waits long for a picture. */
const longGopSeconds = 4;

/** Whether whoever comes waits long for the first picture. */
export function isSparse({ gopSeconds }: Pick<Figures, 'gopSeconds'>): boolean {
  return (gopSeconds ?? 0) > longGopSeconds;
}

/** How the stream is doing that is sent; what is not known is nothing to complain of. */
export function healthOf(figures: Figures): StreamHealth {
  if (figures.state !== 'live') return 'away';
  if ((figures.fps ?? fewFps) < fewFps) return 'slow';
  return isSparse(figures) ? 'sparse' : 'good';
}
