import { describe, expect, it } from 'vitest';
import { type Entry, MessageList, type NewEntry } from '../src/logic/messageList';
import { randomFrom, shuffled } from './random';

const me = 10_001;

function stored(seq: number | null, msgId = `m${seq}`): NewEntry {
  return {
    msgId,
    clientMsgId: null,
    seq,
    time: seq ?? 0,
    senderId: 10_002,
    name: 'other',
    avatar: null,
    content: msgId,
    own: false,
    status: 'sent',
  };
}

function own(clientMsgId: string): NewEntry {
  return {
    ...stored(null),
    msgId: null,
    clientMsgId,
    senderId: me,
    own: true,
    status: 'sending',
    content: clientMsgId,
  };
}

function contents(list: MessageList): string[] {
  return list.entries.map((entry) => entry.content);
}

describe('a message list', () => {
  it.each(Array.from({ length: 30 }, (_, i) => i))(
    'has stored messages by seq, each once, own ones last (seed %i)',
    (seed) => {
      const random = randomFrom(seed);
      const list = new MessageList(1000);
      const seqs = Array.from({ length: 40 }, (_, i) => i + 1);
      for (const seq of shuffled([...seqs, ...seqs.slice(20)], random)) {
        list.add(stored(seq));
        if (random() < 0.2) list.add(own(`c${seq}-${random()}`));
      }
      const sent = list.entries.filter((entry) => entry.status === 'sent');
      expect(sent.map((entry) => entry.seq)).toEqual(seqs);
      expect(list.entries.slice(0, sent.length)).toEqual(sent);
      expect(new Set(list.entries.map((entry) => entry.key)).size).toBe(list.entries.length);
    },
  );

  it('keeps the newest', () => {
    const list = new MessageList(200);
    for (let seq = 1; seq <= 250; seq++) list.add(stored(seq));
    expect(list.entries).toHaveLength(200);
    expect(list.entries[0]?.seq).toBe(51);
    expect(list.add(stored(3, 'late'))).toBeNull();
    expect(list.entries).toHaveLength(200);
  });

  it('moves an own message to its place when it is stored, and keeps its key', () => {
    const list = new MessageList();
    list.add(stored(1));
    const mine = list.add(own('c1')) as Entry;
    list.add(stored(3));
    list.stored('c1', { msgId: 'm2', seq: 2, time: 7 });
    expect(contents(list)).toEqual(['m1', 'c1', 'm3']);
    expect(list.find(mine.key)).toMatchObject({ status: 'sent', seq: 2, msgId: 'm2', time: 7 });
  });

  it('takes an own message that comes back for the same', () => {
    const list = new MessageList();
    list.add(own('c1'));
    list.failed('c1', 'receipt_timeout');
    expect(list.add({ ...stored(4), clientMsgId: 'c1', own: true })).toBeNull();
    expect(list.entries).toHaveLength(1);
    expect(list.entries[0]).toMatchObject({ status: 'sent', seq: 4, error: null });
  });

  it('says what failed and why, until it is sent again', () => {
    const list = new MessageList();
    list.add(own('c1'));
    list.failed('c1', 'muted', 5000);
    expect(list.entries[0]).toMatchObject({ status: 'failed', error: 'muted', retryAfterMs: 5000 });
    list.sending('c1');
    expect(list.entries[0]).toMatchObject({ status: 'sending', error: null, retryAfterMs: null });
    list.stored('c1', { msgId: 'm1', seq: 1, time: 1 });
    list.failed('c1', 'late');
    expect(list.entries[0]).toMatchObject({ status: 'sent', error: null });
  });

  it('leaves what failed where it was written, and lets it age out', () => {
    const list = new MessageList(5);
    list.add(stored(1));
    list.add(own('c1'));
    list.add(stored(2));
    list.failed('c1', 'muted');
    list.add(own('c2'));
    list.add(stored(3));
    expect(contents(list)).toEqual(['m1', 'c1', 'm2', 'm3', 'c2']);
    list.stored('c2', { msgId: 'm4', seq: 4, time: 4 });
    list.add(stored(5));
    list.add(stored(6));
    expect(contents(list)).toEqual(['m2', 'm3', 'c2', 'm5', 'm6']);
  });

  it('puts older messages before what failed, also where its place is not known', () => {
    const list = new MessageList(10, [
      { ...stored(5), key: 'x', error: null, retryAfterMs: null },
      { ...own('c1'), time: 6, status: 'failed', key: 'y', error: 'muted', retryAfterMs: null },
    ]);
    list.add(stored(4));
    list.add(stored(7));
    expect(contents(list)).toEqual(['m4', 'm5', 'c1', 'm7']);
  });

  it('takes what is sent again to the end, and forgets what is discarded', () => {
    const list = new MessageList();
    list.add(own('c1'));
    list.failed('c1', 'receipt_timeout');
    list.add(own('c2'));
    list.failed('c2', 'muted');
    list.add(stored(1));
    list.sending('c1');
    expect(contents(list)).toEqual(['c2', 'm1', 'c1']);
    list.discard('c1');
    list.discard('c2');
    expect(contents(list)).toEqual(['m1', 'c1']);
  });

  it('puts what is not stored where it came', () => {
    const list = new MessageList();
    list.add(stored(1));
    list.add(stored(null, 'notice'));
    list.add(stored(2));
    expect(contents(list)).toEqual(['m1', 'notice', 'm2']);
  });

  it('gives another array after each change, for the page to see', () => {
    const list = new MessageList();
    const seen = new Set([list.entries]);
    list.add(own('c1'));
    seen.add(list.entries);
    list.failed('c1', 'x');
    seen.add(list.entries);
    list.stored('c1', { msgId: 'm1', seq: 1, time: 1 });
    seen.add(list.entries);
    expect(seen.size).toBe(4);
  });
});
