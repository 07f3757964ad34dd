/** What follows when a stream's connection has ended (docs/protocol.md, close codes of /live). */
export type Ending =
  /** Opens again at once. */
  | 'now'
  /** Opens again after a pause that grows. */
  | 'later'
  /** The stream is over: the next state tells when there is another. */
  | 'ended'
  /** Nothing is published: the next state tells when. */
  | 'wait'
  /** The caller may not see it. */
  | 'refused';

const endings: ReadonlyMap<number, Ending> = new Map([
  [1000, 'ended'],
  [1001, 'later'],
  [1008, 'refused'],
  [1013, 'later'],
  [4000, 'now'],
  [4404, 'wait'],
]);

export function endingOf(code: number): Ending {
  return endings.get(code) ?? 'later';
}

const firstMs = 1000;
const longestMs = 15_000;
/** Opening at once is for streams that were there: who is sent away again and again waits too. */
const atOnce = 3;

/** How long to wait before a stream is opened again: full jitter, so that a thousand viewers do not come at one moment. */
export class ReopenDelay {
  readonly #random: () => number;
  #failures = 0;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** A picture was shown. */
  succeeded(): void {
    this.#failures = 0;
  }

  next(ending: Ending): number {
    const failures = this.#failures++;
    if (ending === 'now' && failures < atOnce) return 0;
    return Math.round(this.#random() * Math.min(longestMs, firstMs * 2 ** Math.min(failures + 1, 10)));
  }
}
