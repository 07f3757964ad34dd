import { describe, expect, it } from 'vitest';
import type { SailfishMessage } from '../src/index.js';
import { Inbox, type InboxLimits, type InboxSink, type MessageSource } from '../src/receiving/inbox.js';
import { randomFrom, shuffled } from './fakes/random.js';

const d = 'd:10001:10002';
const room = 'r:7';

class Sink implements InboxSink {
  readonly delivered: number[] = [];
  readonly acks: (number | string)[] = [];
  readonly syncs: string[] = [];
  readonly gaps: [number, number][] = [];

  deliver(message: SailfishMessage): void {
    this.delivered.push(message.seq ?? 0);
  }

  ackUpTo(_conversation: string, seq: number): void {
    this.acks.push(seq);
  }

  ackOne(msgId: string): void {
    this.acks.push(msgId);
  }

  needSync(conversation: string): void {
    this.syncs.push(conversation);
  }

  gap(_conversation: string, first: number, last: number): void {
    this.gaps.push([first, last]);
  }
}

function make(limits?: Partial<InboxLimits>) {
  const sink = new Sink();
  const inbox = new Inbox(sink, limits);
  const arrive = (conversation: string, seq: number | null, source: MessageSource = 'push') =>
    inbox.arrive(message(conversation, seq), source);
  return { sink, inbox, arrive };
}

function message(conversation: string, seq: number | null): SailfishMessage {
  return {
    msgId: `${conversation}/${seq}`,
    bizCode: 5555,
    conversation: seq === null ? null : conversation,
    seq,
    time: 0,
    senderId: 10_002,
    senderName: null,
    senderAvatar: null,
    roomId: null,
    objectId: null,
    content: null,
    data: '',
    clientMsgId: null,
  };
}

function receipt(conversation: string, seq: number) {
  return { clientMsgId: 'c', msgId: `${conversation}/${seq}`, conversation, seq, time: 0 };
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('a room', () => {
  it.each(upTo(50))('delivers any order with any doubles in order and once (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const { sink, inbox, arrive } = make();
    inbox.joinRoom(room, 0, 0);
    const seqs = upTo(40);
    for (const seq of shuffled([...seqs, ...seqs.slice(0, Math.floor(random() * 40))], random)) {
      if (random() < 0.1) inbox.receipt(receipt(room, seq));
      arrive(room, seq, random() < 0.3 ? 'repair' : 'push');
    }
    expect(sink.delivered).toEqual([...sink.delivered].sort((a, b) => a - b));
    expect(new Set(sink.delivered).size).toBe(sink.delivered.length);
    expect(sink.gaps).toEqual([]);
    expect(inbox.syncAfter(room)).toBeNull();
  });

  it('holds pushes back until the JOIN is answered', () => {
    const { sink, inbox, arrive } = make();
    inbox.expectRoom(room);
    arrive(room, 6);
    expect(sink.delivered).toEqual([]);
    inbox.joinRoom(room, 5, 0);
    expect(sink.delivered).toEqual([6]);
  });

  it('takes history that begins later than asked for', () => {
    const { sink, inbox, arrive } = make();
    inbox.joinRoom(room, 10, 5);
    arrive(room, 9);
    arrive(room, 10);
    expect(sink.delivered).toEqual([9, 10]);
    expect(sink.syncs).toEqual([]);
  });

  it('is not known before it is joined', () => {
    const { sink, inbox, arrive } = make();
    arrive(room, 1);
    inbox.receipt(receipt(room, 2));
    expect(sink.delivered).toEqual([]);
  });

  it('begins anew when the numbering of the server does', () => {
    const { sink, inbox, arrive } = make();
    inbox.joinRoom(room, 50, 0);
    arrive(room, 51);
    inbox.beginPull();
    inbox.joinRoom(room, 2, 0);
    arrive(room, 3);
    expect(sink.delivered).toEqual([51, 3]);
  });

  it('delivers what waits when it is left', () => {
    const { sink, inbox, arrive } = make();
    inbox.joinRoom(room, 0, 0);
    arrive(room, 2);
    arrive(room, 5);
    inbox.leaveRoom(room);
    expect(sink.delivered).toEqual([2, 5]);
    expect(sink.gaps).toEqual([
      [1, 1],
      [3, 4],
    ]);
  });

  it('pulls what it could not hold', () => {
    const { sink, inbox, arrive } = make({ held: 2 });
    inbox.joinRoom(room, 0, 0);
    for (const seq of [2, 3, 4, 5]) arrive(room, seq);
    arrive(room, 1, 'repair');
    expect(sink.delivered).toEqual([1, 2, 3]);
    expect(inbox.syncAfter(room)).toBe(3);
  });

  it('delivers what it holds before it jumps over what the server has lost', () => {
    const { sink, inbox, arrive } = make();
    inbox.joinRoom(room, 2, 0);
    arrive(room, 5);
    inbox.truncate(room, 7);
    expect(sink.delivered).toEqual([5]);
    expect(sink.gaps).toEqual([
      [3, 4],
      [6, 6],
    ]);
  });
});

describe('a one-to-one conversation', () => {
  it('is acknowledged one by one until its beginning is known, then up to a seq', () => {
    const { sink, inbox, arrive } = make();
    arrive(d, 5);
    expect(sink.acks).toEqual([`${d}/5`]);
    inbox.beginPull();
    inbox.endPull();
    arrive(d, 6);
    expect(sink.acks.at(-1)).toBe(6);
  });

  it('keeps pushes for the pull to come first', () => {
    const { sink, inbox, arrive } = make();
    inbox.beginPull();
    arrive(d, 9);
    arrive(d, 4, 'pull');
    arrive(d, 7, 'pull');
    arrive(d, 8, 'pull');
    inbox.endPull();
    expect(sink.delivered).toEqual([4, 7, 8, 9]);
    expect(sink.syncs).toEqual([]);
    expect(sink.acks.at(-1)).toBe(9);
  });

  it('takes the jumps of a pull for own messages only where the pull opened it', () => {
    const { sink, inbox, arrive } = make();
    inbox.beginPull();
    inbox.endPull();
    arrive(d, 1);
    inbox.beginPull();
    arrive(d, 3, 'pull');
    expect(sink.delivered).toEqual([1]);
    expect(sink.syncs).toEqual([d]);
    arrive(d, 2, 'repair');
    expect(sink.delivered).toEqual([1, 2, 3]);
  });

  it('delivers a late message from before its known beginning', () => {
    const { sink, arrive } = make();
    arrive(d, 5);
    arrive(d, 3);
    arrive(d, 3);
    expect(sink.delivered).toEqual([5, 3]);
    expect(sink.acks).toEqual([`${d}/5`, `${d}/3`, `${d}/3`]);
  });

  it('goes on behind what is not to be had', () => {
    const { sink, inbox, arrive } = make();
    arrive(d, 1);
    arrive(d, 4);
    expect(inbox.settle(d)).toBe(false);
    inbox.giveUp(d);
    expect(sink.gaps).toEqual([[2, 3]]);
    expect(sink.delivered).toEqual([1, 4]);
  });

  it('is forgotten when there are too many, the quietest first', () => {
    const { sink, arrive } = make({ conversations: 10 });
    for (let i = 0; i < 12; i++) arrive(`d:10001:${20_000 + i}`, 1);
    for (let i = 0; i < 12; i++) arrive(`d:10001:${20_000 + i}`, 2);
    expect(sink.delivered).toHaveLength(24);
  });
});

describe('the inbox', () => {
  it('delivers what is not stored once by its name', () => {
    const { sink, arrive } = make();
    arrive(d, null);
    arrive(d, null);
    expect(sink.delivered).toEqual([0]);
  });

  it('takes nothing more when closed', () => {
    const { sink, inbox, arrive } = make();
    inbox.close();
    arrive(d, 1);
    expect(sink.delivered).toEqual([]);
    expect(sink.acks).toEqual([]);
  });
});

describe('a pull that is not whole', () => {
  it('leaves single acks, until one is whole', () => {
    const { sink, inbox, arrive } = make();
    inbox.beginPull();
    arrive(d, 10);
    inbox.endPull(false);
    arrive(d, 11);
    expect(sink.acks).toEqual([`${d}/10`, `${d}/11`]);
    inbox.beginPull();
    for (const seq of [8, 9]) arrive(d, seq, 'pull');
    inbox.endPull();
    arrive(d, 12);
    expect(sink.delivered).toEqual([10, 11, 8, 9, 12]);
    expect(sink.acks.at(-1)).toBe(12);
  });
});

describe('what was skipped', () => {
  it('is not covered by an ack, and is delivered when it comes all the same', () => {
    const { sink, inbox, arrive } = make();
    for (const seq of [1, 3]) arrive(d, seq);
    inbox.giveUp(d);
    for (const seq of [4, 2]) arrive(d, seq);
    expect(sink.delivered).toEqual([1, 3, 4, 2]);
    expect(sink.acks).toEqual([1, `${d}/3`, `${d}/4`, `${d}/2`]);
  });
});
