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
  /** Why it failed, in words of the server's or the client's. */
  error: string | null;
  retryAfterMs: number | null;
}

export interface Stored {
  readonly msgId: string;
  readonly seq: number | null;
  readonly time: number;
}

/** What one adds to a list. */
export type NewEntry = Omit<Entry, 'key' | 'error' | 'retryAfterMs'>;

/** The newest messages of a conversation: stored ones by seq, then own ones under way in the order of sending. */
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
    const added: Entry = { ...entry, key: this.#makeKey(), error: null, retryAfterMs: null };
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

  #change(clientMsgId: string, change: Partial<Entry>): void {
    const index = this.#entries.findIndex((entry) => entry.clientMsgId === clientMsgId && entry.status !== 'sent');
    const entry = this.#entries[index];
    if (!entry) return;
    this.#entries = [...this.#entries];
    this.#entries[index] = { ...entry, ...change };
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
  if (entry.status !== 'sent') return false;
  if (other.status !== 'sent') return true;
  return entry.seq !== null && other.seq !== null && entry.seq < other.seq;
}
