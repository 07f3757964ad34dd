/** How a broadcast ended, in a word. */
export type BroadcastEnd =
  | 'stopped'
  /** The camera was unplugged, or the browser was told to share no more. */
  | 'sourceEnded'
  | 'takenOver'
  | 'badMedia'
  | 'bitrate'
  | 'roomClosed'
  | 'notAllowed'
  /** The server was away for too long. */
  | 'lost'
  | 'noEncoder'
  | 'failed';

const ends: ReadonlyMap<number, BroadcastEnd> = new Map([
  [1008, 'notAllowed'],
  [4001, 'takenOver'],
  [4002, 'badMedia'],
  [4003, 'bitrate'],
  [4004, 'roomClosed'],
]);

const stepsMs = [1000, 2000, 4000] as const;
/** For so long the server keeps a publisher's place, as shipped. */
const patienceMs = 30_000;

/** What a close code of /live/publish ends for good; null where connecting again may help. */
export function endOf(code: number): BroadcastEnd | null {
  return ends.get(code) ?? null;
}

/** How long to wait before the connection is made again; null when it has been away for too long. */
export function retryDelay(attempt: number, awayMs: number): number | null {
  const delay = stepsMs[Math.min(attempt, stepsMs.length - 1)] ?? stepsMs[2];
  return awayMs + delay > patienceMs ? null : delay;
}
