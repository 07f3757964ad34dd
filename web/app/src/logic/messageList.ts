export type EntryStatus = 'sending' | 'sent' | 'failed';

/** A chat message as the page shows it. */
export interface Entry {
  /** Unique in its list. Stays the same when the entry changes. */
  readonly key: string;
  msgId: string | null;
  readonly clientMsgId: string | null;
  /** The position in the conversation; null until it is stored. */
  seq: number | null;
  time: number;
  readonly senderId: number;
  readonly name: string;
  readonly avatar: string | null;
  readonly content: string;
  readonly own: boolean;
  /** Whether it came while nobody looked at the conversation. */
  readonly news?: boolean;
  status: EntryStatus;
  /** The seq that was the newest when an own message was written: what failed stays behind it. */
  readonly after?: number | null;
  /** Why it failed, in words of the server's or the client's. */
  error: string | null;
  retryAfterMs: number | null;
}

/** Who said something, and what: nothing where one is asked for who has not. */
export type Said = Pick<Entry, 'senderId' | 'name' | 'avatar' | 'content'>;

export interface Stored {
  readonly msgId: string;
  readonly seq: number | null;
  readonly time: number;
}

/** What one adds to a list. */
export type NewEntry = Omit<Entry, 'key' | 'after' | 'error' | 'retryAfterMs'>;

/**
 * The newest messages of a conversation: stored ones by seq, those that failed where they were written, then own ones under
 * way in the order of sending.
 */
export class MessageList {
  readonly #capacity: number;
  #entries: Entry[] = [];
  #nextKey = 1;

  constructor(capacity = 200, entries: readonly Entry[] = []) {
    this.#capacity = capacity;
    for (const { key: _, ...entry } of entries) this.#entries.push({ ...entry, key: this.#makeKey() });
  }

  /** The entries, oldest first. A new array after each change. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  find(key: string): Entry | undefined {
    return this.#entries.find((entry) => entry.key === key);
  }

  /** Adds a message; null when it is there already, or older than all that is kept. */
  add(entry: NewEntry): Entry | null {
    const known = this.#entries.find((other) => isSame(other, entry));
    if (known) {
      if (entry.status === 'sent') this.#store(known, entry);
      return null;
    }
    const written = entry.status === 'sending' ? { after: this.#newestSeq() } : {};
    const added: Entry = { ...entry, ...written, key: this.#makeKey(), error: null, retryAfterMs: null };
    this.#entries = [...this.#entries];
    this.#place(added);
    this.#trim();
    return this.#entries.includes(added) ? added : null;
  }

  /** An own message is stored. */
  stored(clientMsgId: string, stored: Stored): void {
    const entry = this.#entries.find((other) => other.clientMsgId === clientMsgId);
    if (entry) this.#store(entry, stored);
  }

  /** An own message was not sent. */
  failed(clientMsgId: string, error: string, retryAfterMs: number | null = null): void {
    this.#change(clientMsgId, { status: 'failed', error, retryAfterMs });
  }

  /** An own message goes once more. */
  sending(clientMsgId: string): void {
    this.#change(clientMsgId, { status: 'sending', error: null, retryAfterMs: null });
  }

  /** Takes away an own message that failed. */
  discard(clientMsgId: string): void {
    this.#entries = this.#entries.filter((entry) => entry.clientMsgId !== clientMsgId || entry.status !== 'failed');
  }

  #change(clientMsgId: string, change: Partial<Entry>): void {
    const entry = this.#entries.find((other) => other.clientMsgId === clientMsgId && other.status !== 'sent');
    if (!entry) return;
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#place({ ...entry, ...change });
  }

  #store(entry: Entry, { msgId, seq, time }: Pick<Entry, 'msgId' | 'seq' | 'time'>): void {
    if (entry.status === 'sent') return;
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#place({ ...entry, msgId, seq, time, status: 'sent', error: null, retryAfterMs: null });
    this.#trim();
  }

  /** Puts an entry where it belongs. Mostly that is the end: it is looked for from there. */
  #place(entry: Entry): void {
    let index = this.#entries.length;
    while (index > 0 && belongsBefore(entry, this.#entries[index - 1] as Entry)) index--;
    this.#entries.splice(index, 0, entry);
  }

  #newestSeq(): number {
    return this.#entries.reduce((newest, entry) => Math.max(newest, entry.seq ?? 0), 0);
  }

  #trim(): void {
    const excess = this.#entries.length - this.#capacity;
    if (excess > 0) this.#entries.splice(0, excess);
  }

  #makeKey(): string {
    return `e${this.#nextKey++}`;
  }
}

function isSame(a: Entry, b: NewEntry): boolean {
  return (a.msgId !== null && a.msgId === b.msgId) || (a.clientMsgId !== null && a.clientMsgId === b.clientMsgId);
}

function belongsBefore(entry: Entry, other: Entry): boolean {
  if (entry.status === 'sending') return false;
  if (other.status === 'sending') return true;
  const [place, otherPlace] = [placeOf(entry), placeOf(other)];
  if (place !== null && otherPlace !== null) return place < otherPlace;
  // One that failed before places were kept has its time alone.
  return (entry.status === 'failed' || other.status === 'failed') && entry.time < other.time;
}

/** Between the stored ones, where the entry has a place among them. */
function placeOf(entry: Entry): number | null {
  if (entry.status === 'failed') return entry.after === undefined || entry.after === null ? null : entry.after + 0.5;
  return entry.seq;
}
