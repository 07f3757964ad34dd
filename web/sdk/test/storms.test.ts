import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { me, other } from './fakes/fakeServer.js';
import { Harness } from './fakes/harness.js';
import { randomFrom } from './fakes/random.js';

const rooms = [7, 8];
const d = `d:${me}:${other}`;
const seeds = Array.from({ length: 40 }, (_, i) => i + 1);

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Two users talk while pushes get lost and doubled, receipts get lost and the connection breaks. */
async function storm(seed: number): Promise<{ h: Harness; receipts: number }> {
  const random = randomFrom(seed);
  const h = new Harness({ receiptTimeoutMs: Number.POSITIVE_INFINITY });
  h.server.syncLimit = 1 + Math.floor(random() * 20);
  const loss = random() * 0.6;
  h.server.delivers = () => random() >= loss;
  // A room shows its gaps by seq; the first message of a conversation has nothing before it that would.
  h.server.tellsBehind = (message) => message.conversation === d || random() < 0.5;
  let receipts = 0;
  let sent = 0;
  await h.connect();
  for (const room of rooms) void h.client.join(room);
  await h.pass(50);
  for (let step = 0; step < 150; step++) {
    const room = rooms[Math.floor(random() * rooms.length)] as number;
    const dice = random();
    h.server.receipts = random() < 0.8;
    if (dice < 0.3) h.server.sayIn(room, `s${step}`);
    else if (dice < 0.55) h.server.say(`s${step}`);
    else if (dice < 0.7) void h.client.sendToRoom(room, `me${sent++}`).then(() => receipts++);
    else if (dice < 0.85) void h.client.send(other, `me${sent++}`).then(() => receipts++);
    else if (dice < 0.93) {
      const log = h.server.log(random() < 0.5 ? d : `r:${room}`);
      const again = log[Math.floor(random() * log.length)];
      const visible = again && (again.conversation === d || h.server.members.has(room));
      if (visible && again.senderId !== me) h.server.push(again);
    } else if (dice < 0.97) h.server.drop();
    await h.pass(random() * 60);
  }
  h.server.delivers = () => true;
  h.server.receipts = true;
  // A message behind each gap shows it.
  h.server.drop();
  await h.pass(60_000);
  return { h, receipts: sent - receipts };
}

describe('in a storm', () => {
  it.each(seeds)('each message comes once and in order (seed %i)', async (seed) => {
    const { h, receipts } = await storm(seed);
    expect(receipts).toBe(0);
    expect(h.gaps).toEqual([]);
    expect(h.client.pendingCount).toBe(0);
    for (const conversation of [d, ...rooms.map((room) => `r:${room}`)]) {
      const theirs = h.server.log(conversation).filter((message) => message.senderId !== me);
      const delivered = h.messages.filter((message) => message.conversation === conversation);
      expect(delivered.map((message) => message.msgId)).toEqual(theirs.map((message) => message.msgId));
    }
    const mine = h.server.log(d).filter((message) => message.senderId === me);
    const order = mine.map((message) => Number(JSON.parse(message.data).content.slice(2)));
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });
});
