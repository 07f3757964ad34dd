import { describe, expect, it } from 'vitest';
import { lookBack, newestAfter } from '../src/logic/lookBack';
import { type Entry, MessageList } from '../src/logic/messageList';
import { randomFrom } from './random';

function list(capacity = 5): { say: (from: number, to?: number) => void; entries: () => readonly Entry[] } {
  const messages = new MessageList(capacity);
  return {
    say: (from, to = from) => {
      for (let seq = from; seq <= to; seq++)
        messages.add({
          msgId: `m${seq}`,
          clientMsgId: null,
          seq,
          time: seq,
          senderId: 10_002,
          name: '',
          avatar: null,
          content: '',
          own: false,
          status: 'sent',
        });
    },
    entries: () => messages.entries,
  };
}

function seqs(entries: readonly Entry[]): (number | null)[] {
  return entries.map((entry) => entry.seq);
}

describe('looking back', () => {
  it('leaves out what is newer, and keeps what the list forgets', () => {
    const { say, entries } = list();
    say(1, 5);
    const shown = entries();
    say(6, 8);
    expect(seqs(lookBack(shown, entries()))).toEqual([1, 2, 3, 4, 5]);
    say(9, 20);
    expect(seqs(lookBack(shown, entries()))).toEqual([1, 2, 3, 4, 5]);
    expect(seqs(newestAfter(entries(), shown))).toEqual([16, 17, 18, 19, 20]);
  });

  it('takes in what is older', () => {
    const { say, entries } = list(20);
    say(11, 13);
    const shown = entries();
    say(14);
    say(8, 10);
    expect(seqs(lookBack(shown, entries()))).toEqual([8, 9, 10, 11, 12, 13]);
    expect(seqs(newestAfter(entries(), shown))).toEqual([14]);
  });

  it('shows the entry of now, not as it was', () => {
    const messages = new MessageList(5);
    const base = { time: 1, senderId: 10_001, name: '', avatar: null, content: '', own: true } as const;
    messages.add({ ...base, msgId: null, clientMsgId: 'a', seq: null, status: 'sending' });
    const shown = messages.entries;
    messages.stored('a', { msgId: 'm1', seq: 1, time: 2 });
    expect(lookBack(shown, messages.entries).map((entry) => entry.status)).toEqual(['sent']);
  });

  it.each([1, 2, 3, 4, 5])('never moves or grows, whatever comes (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const { say, entries } = list(10);
    say(1, 30);
    let shown = entries();
    const first = seqs(shown);
    for (let next = 31; next < 90; ) {
      const many = 1 + Math.floor(random() * 7);
      say(next, next + many - 1);
      next += many;
      shown = lookBack(shown, entries());
      expect(seqs(shown)).toEqual(first);
    }
  });
});
