import type { HistoryPage, SailfishMessage } from '../message.js';
import { messageOf } from './messageReader.js';
import type { Session } from './session.js';

interface Reply {
  readonly messages: readonly SailfishMessage[];
  readonly more: boolean;
}

/** Reads a stored conversation backwards, page by page, though SYNC reads forwards only. */
export class History {
  readonly #session: Session;
  readonly #conversation: string;
  readonly #limit: number;
  #firstSeq = 1;

  constructor(session: Session, conversation: string, limit: number) {
    this.#session = session;
    this.#conversation = conversation;
    this.#limit = limit;
  }

  /** The newest messages; `known` is a seq that exists, or 0. */
  async newest(known: number): Promise<HistoryPage> {
    const near = await this.#nearNewest(known);
    const messages = await this.#read(Math.max(0, near - this.#limit), Number.POSITIVE_INFINITY);
    return this.#page(messages.slice(-this.#limit), (messages.at(-1)?.seq ?? 0) + 1);
  }

  /** The messages before a seq. */
  async before(seq: number): Promise<HistoryPage> {
    const messages = await this.#read(Math.max(0, seq - 1 - this.#limit), seq - 1);
    return this.#page(messages, seq);
  }

  /** A seq with at most a page behind it. The protocol tells no end, so it is looked for: first by doubling, then by halving. */
  async #nearNewest(known: number): Promise<number> {
    let near = known;
    let step = this.#limit;
    for (let next = await this.#next(near + step); next !== null; next = await this.#next(near + step)) {
      near = next;
      step *= 2;
    }
    while (step > this.#limit) {
      step = Math.ceil(step / 2);
      near = (await this.#next(near + step)) ?? near;
    }
    return near;
  }

  /** The first seq after this one; null at the end. */
  async #next(seq: number): Promise<number | null> {
    return (await this.#ask(seq, 1)).messages[0]?.seq ?? null;
  }

  async #read(after: number, upTo: number): Promise<SailfishMessage[]> {
    const read: SailfishMessage[] = [];
    for (let last = after; last < upTo; ) {
      const { messages, more } = await this.#ask(last, this.#limit);
      read.push(...messages);
      last = messages.at(-1)?.seq ?? upTo;
      if (!more) break;
    }
    return read.filter((message) => (message.seq ?? 0) <= upTo);
  }

  async #ask(after: number, limit: number): Promise<Reply> {
    const conversation = this.#conversation;
    const body = await this.#session.sync({ after: { [conversation]: after }, limit }, conversation);
    const messages = body.messages.map((item) => messageOf(item)).filter((message) => message.seq !== null);
    this.#firstSeq = Math.max(this.#firstSeq, body.firstSeq.get(conversation) ?? 1);
    return { messages, more: body.more };
  }

  #page(messages: readonly SailfishMessage[], end: number): HistoryPage {
    const from = messages[0]?.seq ?? end;
    return { messages, from, more: from > this.#firstSeq };
  }
}
