import type { HistoryPage, SailfishMessage } from '../message.js';
import { type Body, FrameCode, isObject, wholeOf } from '../wire/frames.js';
import { messageOf } from './messageReader.js';
import type { Session } from './session.js';

interface Reply {
  readonly messages: readonly SailfishMessage[];
  readonly more: boolean;
  /** The first seq that the server still has, where it has not all. */
  readonly firstSeq: number | null;
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
    const reply = replyOf(
      await this.#session.requests.call({
        code: FrameCode.sync,
        body: { after: { [this.#conversation]: after }, limit },
      }),
      this.#conversation,
    );
    this.#firstSeq = Math.max(this.#firstSeq, reply.firstSeq ?? 1);
    return reply;
  }

  #page(messages: readonly SailfishMessage[], end: number): HistoryPage {
    const from = messages[0]?.seq ?? end;
    return { messages, from, more: from > this.#firstSeq };
  }
}

function replyOf(body: Body, conversation: string): Reply {
  const bodies = (Array.isArray(body.messages) ? body.messages : []).filter(isObject);
  const messages = bodies.map((item) => messageOf(item)).filter((message) => message.seq !== null);
  const firstSeq = isObject(body.firstSeq) ? wholeOf(body.firstSeq[conversation]) : null;
  return { messages, more: body.more === true, firstSeq };
}
