import type { SailfishMessage } from '@sailfish/sdk';
import { describe, expect, it } from 'vitest';
import { ConversationBook, parseBook } from '../src/logic/conversationBook';

const me = 10_001;
const peer = 10_002;

function message(seq: number, from = peer, to = me): SailfishMessage {
  return {
    msgId: `m${seq}-${from}-${to}`,
    bizCode: 5555,
    conversation: 'd:10001:10002',
    seq,
    time: seq * 1000,
    senderId: from,
    senderName: `user ${from}`,
    senderAvatar: `/avatar/${from}.svg`,
    roomId: null,
    objectId: to,
    content: `text ${seq}`,
    data: '',
    clientMsgId: null,
  };
}

const own = { clientMsgId: 'c1', content: 'mine', time: 9000, senderId: me, name: 'me', avatar: '' };
const receipt = { clientMsgId: 'c1', msgId: 'm9', conversation: 'd:10001:10002', seq: 9, time: 9001 };

describe('a conversation book', () => {
  it('lists conversations with the newest first, and counts what is unread', () => {
    const book = new ConversationBook();
    book.receive(message(1), me, null);
    book.receive(message(2), me, null);
    book.receive(message(1, 10_003), me, null);
    expect(book.conversations).toEqual([
      {
        peer,
        name: 'user 10002',
        avatar: '/avatar/10002.svg',
        unread: 2,
        time: 2000,
        last: { content: 'text 2', own: false, status: 'sent' },
      },
      expect.objectContaining({ peer: 10_003, unread: 1 }),
    ]);
  });

  it('takes in history without counting it, or thinking it news', () => {
    const book = new ConversationBook();
    book.begin(peer, 500_000);
    book.receive(message(5), me, null);
    book.takeHistory(peer, [message(3), message(4, me, peer), message(5)], me);
    expect(book.entries(peer).map((entry) => [entry.seq, entry.own])).toEqual([
      [3, false],
      [4, true],
      [5, false],
    ]);
    expect(book.conversations).toEqual([expect.objectContaining({ unread: 1, time: 5000, name: 'user 10002' })]);
  });

  it('learns from history whom it is with, and when somebody spoke last', () => {
    const book = new ConversationBook();
    book.begin(peer, 500_000);
    book.takeHistory(peer, [message(1), message(2, me, peer)], me);
    expect(book.conversations).toEqual([
      expect.objectContaining({ name: 'user 10002', avatar: '/avatar/10002.svg', unread: 0, time: 2000 }),
    ]);
    book.takeHistory(10_009, [message(1, 10_009)], me);
    expect(book.conversations).toHaveLength(1);
  });

  it('keeps the newest only over the end of the page', () => {
    const book = new ConversationBook();
    for (let seq = 1; seq <= 150; seq++) book.receive(message(seq), me, peer);
    expect(book.entries(peer)).toHaveLength(150);
    const saved = parseBook(JSON.stringify(book)).entries(peer);
    expect([saved.length, saved[0]?.seq]).toEqual([100, 51]);
  });

  it('counts neither what is in view, nor what comes twice, nor own messages from elsewhere', () => {
    const book = new ConversationBook();
    book.receive(message(1), me, peer);
    book.receive(message(2), me, null);
    book.receive(message(2), me, null);
    book.receive(message(3, me, peer), me, null);
    expect(book.conversations[0]).toMatchObject({ unread: 1, last: { own: true } });
    expect(book.entries(peer)).toHaveLength(3);
    expect(book.markRead(peer)).toBe(true);
    expect(book.markRead(peer)).toBe(false);
    expect(book.conversations[0]?.unread).toBe(0);
  });

  it('follows an own message from sending to sent or failed', () => {
    const book = new ConversationBook();
    book.addOwn(peer, own);
    expect(book.conversations[0]?.last?.status).toBe('sending');
    book.failed(peer, 'c1', 'rate_limited', 100);
    expect(book.conversations[0]?.last?.status).toBe('failed');
    book.sending(peer, 'c1');
    book.stored(peer, 'c1', receipt);
    expect(book.entries(peer)).toMatchObject([{ status: 'sent', seq: 9 }]);
  });

  it('is the same after it was written and read; what was under way may be sent again', () => {
    const book = new ConversationBook();
    book.receive(message(1), me, null);
    book.addOwn(peer, own);
    const again = parseBook(JSON.stringify(book));
    expect(again.entries(peer)).toMatchObject([
      { content: 'text 1', status: 'sent' },
      { content: 'mine', status: 'failed', clientMsgId: 'c1', error: 'receipt_timeout' },
    ]);
    expect(again.conversations[0]?.unread).toBe(1);
    expect(new Set(again.entries(peer).map((entry) => entry.key)).size).toBe(2);
  });

  it.each(['', 'x', '{}', '[1]', '[{"peer":1}]', 'null'])('is empty when the text is not one: %s', (text) => {
    expect(parseBook(text).conversations).toEqual([]);
  });

  it('takes over what another tab has', () => {
    const mine = new ConversationBook();
    const theirs = new ConversationBook();
    for (const book of [mine, theirs]) book.receive(message(1), me, null);
    theirs.receive(message(2), me, null);
    theirs.markRead(peer);
    theirs.receive(message(1, 10_003), me, null);
    mine.addOwn(peer, own);
    mine.merge(theirs);
    expect(mine.entries(peer).map((entry) => entry.content)).toEqual(['text 1', 'text 2', 'mine']);
    expect(mine.conversations.find((each) => each.peer === peer)?.unread).toBe(0);
    expect(mine.conversations).toHaveLength(2);
  });

  describe('from which a conversation was taken off', () => {
    /** Two tabs with the same two messages, one of which takes the conversation off. */
    function tabs(): [ConversationBook, ConversationBook] {
      const books: [ConversationBook, ConversationBook] = [new ConversationBook(), new ConversationBook()];
      for (const book of books) for (const seq of [1, 2]) book.receive(message(seq), me, null);
      books[0].remove(peer, 0);
      return books;
    }

    it('says so to other tabs, also after it was written and read', () => {
      const [mine, theirs] = tabs();
      theirs.merge(parseBook(JSON.stringify(mine)));
      expect(theirs.conversations).toEqual([]);
      expect(parseBook(JSON.stringify(theirs)).conversations).toEqual([]);
    });

    it('keeps it off when a tab says that it has it still', () => {
      const [mine, theirs] = tabs();
      mine.merge(theirs);
      expect(mine.conversations).toEqual([]);
    });

    it('keeps it off when what was there comes again', () => {
      const [mine] = tabs();
      mine.receive(message(2), me, null);
      expect(mine.conversations).toEqual([]);
    });

    it('has it back with a newer message, in every tab, and counts only that', () => {
      const [mine, theirs] = tabs();
      mine.receive(message(3), me, null);
      expect(mine.conversations).toMatchObject([{ peer, unread: 1 }]);
      theirs.merge(mine);
      theirs.receive(message(3), me, null);
      expect(theirs.conversations).toMatchObject([{ peer }]);
      expect(theirs.entries(peer).at(-1)?.seq).toBe(3);
    });

    it('has it back when it is begun again, whatever the clocks say', () => {
      const [mine, theirs] = tabs();
      mine.begin(peer, 0);
      theirs.merge(mine);
      mine.merge(theirs);
      for (const book of [mine, theirs]) expect(book.conversations).toHaveLength(1);
    });

    it('remembers a bounded number of them', () => {
      const book = new ConversationBook();
      for (let i = 0; i < 300; i++) {
        book.begin(20_000 + i, i);
        book.remove(20_000 + i, i);
      }
      expect(book.toJSON().removed).toHaveLength(200);
    });
  });

  it('reads a book of an earlier version', () => {
    const entry = (seq: number) => ({ ...message(seq), key: `e${seq}`, own: false, status: 'sent' });
    const saved = [{ peer, name: 'Bo', avatar: null, unread: 2, time: 3, entries: [1, 2, 3].map(entry) }];
    const book = parseBook(JSON.stringify(saved));
    expect(book.conversations).toMatchObject([{ peer, name: 'Bo', unread: 2 }]);
    expect(book.markRead(peer)).toBe(true);
    expect(parseBook(JSON.stringify(book)).conversations[0]?.unread).toBe(0);
  });

  it('does not lose what is unread to a tab that knows less, and learns what another has read', () => {
    const [mine, theirs] = [new ConversationBook(), new ConversationBook()];
    for (const book of [mine, theirs]) book.receive(message(1), me, null);
    mine.receive(message(2), me, null);
    mine.merge(theirs);
    expect(mine.conversations[0]?.unread).toBe(2);
    theirs.markRead(peer);
    mine.merge(theirs);
    expect(mine.conversations[0]?.unread).toBe(1);
  });

  it('forgets the oldest of very many', () => {
    const book = new ConversationBook();
    for (let i = 0; i < 60; i++) book.receive({ ...message(i + 1, 20_000 + i), time: i }, me, null);
    expect(book.conversations).toHaveLength(50);
    expect(book.conversations.at(-1)?.peer).toBe(20_010);
  });

  it('knows with whom it is before anybody wrote', () => {
    const book = new ConversationBook();
    book.begin(peer, 1, { name: 'Bo', avatar: null });
    expect(book.conversations[0]).toMatchObject({ name: 'Bo', last: null });
    book.begin(peer, 2);
    expect(book.conversations[0]?.name).toBe('Bo');
  });
});
