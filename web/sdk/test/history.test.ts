import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HistoryOptions, HistoryPage } from '../src/index.js';
import { FrameCode as Code } from '../src/wire/frames.js';
import { me, other } from './fakes/fakeServer.js';
import { Harness } from './fakes/harness.js';

const d = `d:${me}:${other}`;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A conversation with so many messages, all of which were acknowledged: a login brings none of them. */
async function talked(count: number): Promise<Harness> {
  const h = new Harness();
  h.server.delivers = () => false;
  await h.connect();
  for (let n = 1; n <= count; n++) h.server.say(`${n}`);
  h.server.acked.set(d, count);
  return h;
}

async function read(h: Harness, options: HistoryOptions = {}): Promise<HistoryPage> {
  const page = h.client.history(other, options);
  await h.pass();
  return await page;
}

function seqs(page: HistoryPage): (number | null)[] {
  return page.messages.map((message) => message.seq);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);
}

describe('history', () => {
  it.each([0, 1, 9, 10, 11, 19, 20, 21, 99, 333, 5000])(
    'reads the newest and then all before, of %i',
    async (count) => {
      const h = await talked(count);
      let page = await read(h, { limit: 10 });
      expect(seqs(page)).toEqual(range(Math.max(1, count - 9), count));
      for (let end = page.from; page.more; end = page.from) {
        page = await read(h, { limit: 10, before: end });
        expect(seqs(page)).toEqual(range(Math.max(1, end - 10), end - 1));
      }
      expect(page.from).toBe(1);
    },
  );

  it('finds the end of a long conversation with few questions', async () => {
    const h = await talked(20_000);
    await read(h, { limit: 50 });
    expect(h.server.sent(Code.sync).length).toBeLessThan(25);
  });

  it('goes on from what came by', async () => {
    const h = await talked(900);
    h.server.delivers = () => true;
    h.server.say('901');
    await h.pass();
    const before = h.server.sent(Code.sync).length;
    expect(seqs(await read(h, { limit: 5 }))).toEqual(range(897, 901));
    expect(h.server.sent(Code.sync).length - before).toBe(2);
  });

  it('puts short replies together', async () => {
    const h = await talked(100);
    h.server.syncLimit = 3;
    expect(seqs(await read(h, { limit: 20 }))).toEqual(range(81, 100));
    expect(seqs(await read(h, { limit: 20, before: 81 }))).toEqual(range(61, 80));
  });

  it('ends where the server has nothing older', async () => {
    const h = await talked(100);
    h.server.log(d).splice(0, 89);
    const page = await read(h, { limit: 10 });
    expect([seqs(page), page.from, page.more]).toEqual([range(91, 100), 91, true]);
    const first = await read(h, { limit: 10, before: 91 });
    expect([seqs(first), first.from, first.more]).toEqual([[90], 90, false]);
  });

  it('has own messages too, with their names, and neither raises nor acknowledges anything', async () => {
    const h = await talked(1);
    const sent = h.client.send(other, 'mine', { clientMsgId: 'a' });
    await h.pass();
    await sent;
    const acks = h.server.sent(Code.ack).length;
    const page = await read(h);
    expect(page.messages.map((m) => [m.senderId, m.content, m.clientMsgId])).toEqual([
      [other, '1', null],
      [me, 'mine', 'a'],
    ]);
    expect(h.contents).toEqual([]);
    expect(h.server.sent(Code.ack)).toHaveLength(acks);
  });

  it('reads what the system wrote', async () => {
    const h = await talked(0);
    const page = h.client.history(0);
    await h.pass();
    expect((await page).messages).toEqual([]);
    expect(h.server.sent(Code.sync).at(-1)?.after).toEqual({ [`d:0:${me}`]: 0 });
  });

  it('asks again over the next connection', async () => {
    const h = await talked(30);
    h.server.intercept = (code, body) => code === Code.sync && body.after !== undefined;
    const page = h.client.history(other, { limit: 10 });
    await h.pass();
    h.server.intercept = () => false;
    h.server.drop();
    await h.pass(1000);
    expect(seqs(await page)).toEqual(range(21, 30));
  });

  it('says what is wrong with its arguments', async () => {
    const h = await talked(0);
    await expect(h.client.history(9999)).rejects.toThrow(RangeError);
    await expect(h.client.history(other, { limit: 101 })).rejects.toThrow(RangeError);
    await expect(h.client.history(other, { before: 0 })).rejects.toThrow(RangeError);
  });
});
