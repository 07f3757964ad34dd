import type { SailfishMessage } from '../message.js';

/** How far one conversation was delivered, and what waits for a gap to be filled. */
export class Conversation {
  readonly name: string;
  readonly isRoom: boolean;
  /** Everything from `floor` + 1 up to here was delivered; null until the first is. */
  last: number | null = null;
  /** Where this client's knowledge begins: what stands at or before it is not known by seq. */
  floor = 0;
  /** The newest seq that is known to exist. */
  newest = 0;
  /** The oldest seq that was seen; 0 before the first. */
  oldest = 0;
  /** Whether nothing at or before `floor` can be undelivered, so that an ack may cover it. */
  solid = false;
  /** Up to here a jump is no gap: history that begins later than asked for. */
  looseUpTo = 0;
  /** Whether the pull under way opened this conversation, so that a jump in the pull is an own message. */
  openedByPull = false;
  /** What waits, by seq; null stands for an own message that is known by its receipt only. */
  readonly held = new Map<number, SailfishMessage | null>();
  /** Where the application acknowledges: what it has, and has not acknowledged, with its seq by msgId. */
  readonly unconfirmed = new Map<string, number>();
  /** For choosing which conversations to forget. */
  touched = 0;
  /** Whether the server said that it skipped messages, without saying which. */
  suspect = false;
  /** How far it was delivered when the connection there is now began; 0 when it was unknown then. */
  lastAtConnect = 0;

  constructor(name: string) {
    this.name = name;
    this.isRoom = name.startsWith('r:');
  }

  get behind(): boolean {
    return this.newest > (this.last ?? 0);
  }

  /** The first seq that waits; Infinity when none does. */
  get firstHeld(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const seq of this.held.keys()) first = Math.min(first, seq);
    return first;
  }

  /** Everything up to here was acknowledged by the application. */
  get confirmed(): number {
    let confirmed = this.last ?? 0;
    for (const seq of this.unconfirmed.values()) confirmed = Math.min(confirmed, seq - 1);
    return confirmed;
  }

  start(last: number, solid: boolean): void {
    this.floor = last;
    this.last = last;
    this.solid = solid || last === 0;
  }

  /** Goes on behind a gap. What a server did not give may exist all the same: no acknowledgement may cover it. */
  skip(last: number): void {
    if (this.isRoom) this.last = last;
    else this.start(last, false);
  }

  saw(seq: number): void {
    this.newest = Math.max(this.newest, seq);
    this.oldest = this.oldest === 0 ? seq : Math.min(this.oldest, seq);
  }

  /** The server's numbering began anew. */
  restart(last: number): void {
    this.held.clear();
    this.newest = last;
    this.lastAtConnect = last;
    this.start(last, false);
  }
}
