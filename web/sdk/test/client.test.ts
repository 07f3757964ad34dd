import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SailfishClient, SailfishError, type SailfishMessage } from '../src/index.js';
import { FrameCode as Code } from '../src/wire/frames.js';
import { me, other, tokenFor } from './fakes/fakeServer.js';
import { Harness } from './fakes/harness.js';

const room = 7;
const d = `d:${me}:${other}`;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('login', () => {
  it('sends the token with the ids that it holds, and is online with the reply', async () => {
    const h = new Harness({ deviceId: 'tab', platform: 'test' });
    await h.connect();
    expect(h.server.sent(Code.login)).toEqual([
      { token: tokenFor(me), userId: me, appId: 77, deviceId: 'tab', platform: 'test', protocol: 2 },
    ]);
    expect(h.server.socket.protocols).toBe('sailfish.json');
    expect(h.client.userId).toBe(me);
    expect(h.states).toEqual(['connecting', 'online']);
  });

  it('rejects a refused token for good, and may be tried again by the application', async () => {
    const h = new Harness({ retryFirstConnect: true });
    h.server.refuse = 'bad_token';
    await expect(h.connect()).rejects.toMatchObject({ error: 'bad_token' });
    expect(h.client.state).toBe('idle');
    h.server.refuse = 'no';
    await h.connect();
    expect(h.client.state).toBe('online');
  });

  it('rejects what cannot be reached, is silent, or has no token', async () => {
    const unreachable = new Harness();
    unreachable.server.refuse = 'unreachable';
    await expect(unreachable.connect()).rejects.toMatchObject({ error: 'unreachable' });

    const silent = new Harness({ connectTimeoutMs: 15 });
    silent.server.refuse = 'silent';
    await expect(silent.connect()).rejects.toMatchObject({ error: 'unreachable' });

    const cause = new Error('signed out');
    const tokenless = new Harness({ token: () => Promise.reject(cause) });
    await expect(tokenless.connect()).rejects.toMatchObject({ error: 'token_unavailable', cause });
  });

  it('keeps trying the first time where asked to', async () => {
    const h = new Harness({ retryFirstConnect: true });
    h.server.refuse = 'unreachable';
    const connected = h.client.connect();
    await h.pass(5000);
    expect(h.errors.length).toBeGreaterThan(1);
    h.server.refuse = 'no';
    await h.pass(30_000);
    await connected;
    expect(h.client.state).toBe('online');
  });

  it('fetches a token for each login, and never logs in as somebody else', async () => {
    let user = me;
    const h = new Harness({ token: () => tokenFor(user) });
    await h.connect();
    user = other;
    h.server.drop();
    await h.pass(1000);
    expect(h.client.state).toBe('closed');
    expect(h.states.at(-1)).toBe('closed:bad_token');
    expect(h.server.sent(Code.login)).toHaveLength(1);
  });

  it('says what is wrong with its options', () => {
    const token = () => '';
    expect(() => new SailfishClient({ url: 'http://x', token, WebSocket: new Harness().server.WebSocket })).toThrow(
      /ws:/,
    );
    expect(() => new Harness({ token: 'abc' as unknown as () => string })).toThrow(/function/);
    expect(() => new Harness({ maxInFlight: 0 })).toThrow(/maxInFlight/);
    expect(() => new Harness({ reconnectMinMs: 5, reconnectMaxMs: 1 })).toThrow(/reconnectMaxMs/);
  });
});

describe('the connection', () => {
  it('beats as the login reply says, and tells the viewers', async () => {
    const h = new Harness();
    const viewers: number[] = [];
    h.client.on('viewers', (event) => viewers.push(event.roomId, event.viewers));
    h.server.heartbeatSeconds = 7;
    await h.connect();
    void h.client.join(room);
    await h.pass(21_500);
    expect(h.server.sent(Code.heartbeat)).toHaveLength(3);
    expect(viewers.slice(0, 2)).toEqual([room, 3]);
  });

  it('beats more often where the application wants it, without less patience', async () => {
    const h = new Harness({ heartbeatMs: 5000 });
    await h.connect();
    await h.pass(15_500);
    expect(h.server.sent(Code.heartbeat)).toHaveLength(3);
    h.server.intercept = (code) => code === Code.heartbeat;
    await h.pass(70_000);
    expect(h.client.state).toBe('online');
  });

  it('counts a server as dead that is silent for 2.5 heartbeats', async () => {
    const h = new Harness();
    await h.connect();
    h.server.intercept = (code) => code === Code.heartbeat;
    await h.pass(74_000);
    expect(h.client.state).toBe('online');
    await h.pass(1500);
    expect(h.states).toContain('reconnecting:connection_lost');
    h.server.intercept = () => false;
    await h.pass(1000);
    expect(h.client.state).toBe('online');
  });

  it('comes back with exponential backoff and full jitter', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const h = new Harness();
    await h.connect();
    h.server.refuse = 'unreachable';
    h.server.drop();
    const attempts: number[] = [];
    const before = h.server.sockets.length;
    for (let ms = 0; ms < 5000; ms += 10) {
      const count = h.server.sockets.length;
      await h.pass(10);
      if (h.server.sockets.length > count) attempts.push(ms);
    }
    // 0.5 × 500, 1000, 2000, 4000, and the time that each attempt takes.
    expect(h.server.sockets.length - before).toBe(4);
    expect(attempts[0]).toBeGreaterThanOrEqual(230);
    expect((attempts[1] as number) - (attempts[0] as number)).toBeGreaterThanOrEqual(500);
    expect((attempts[3] as number) - (attempts[2] as number)).toBeGreaterThanOrEqual(2000);
  });

  it('cuts a wait short when woken', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const h = new Harness({ reconnectMinMs: 30_000 });
    await h.connect();
    h.server.drop();
    await h.pass(1000);
    expect(h.client.state).toBe('reconnecting');
    h.client.wake();
    await h.pass(20);
    expect(h.client.state).toBe('online');
  });

  it('begins anew at once when woken in an attempt that hangs, whose token callback is told', async () => {
    let hangs = false;
    const given: AbortSignal[] = [];
    const h = new Harness({
      token: (signal) => {
        given.push(signal);
        return hangs ? new Promise<string>(() => {}) : tokenFor(me);
      },
    });
    await h.connect();
    hangs = true;
    h.server.drop();
    await h.pass(2000);
    expect(given).toHaveLength(2);
    expect(given[1]?.aborted).toBe(false);
    hangs = false;
    h.client.wake();
    await h.pass(20);
    expect(h.client.state).toBe('online');
    expect(given[1]?.aborted).toBe(true);
  });

  it('begins anew at once when woken in an attempt whose connection hangs', async () => {
    const h = new Harness();
    await h.connect();
    h.server.refuse = 'silent';
    h.server.drop();
    await h.pass(2000);
    h.server.refuse = 'no';
    h.client.wake();
    await h.pass(20);
    expect(h.client.state).toBe('online');
  });

  it('finds out soon, when woken, that a connection is dead', async () => {
    const h = new Harness();
    await h.connect();
    h.client.wake();
    await h.pass(10_000);
    expect(h.states).toEqual(['connecting', 'online']);
    h.server.intercept = (code) => code === Code.heartbeat;
    h.client.wake();
    await h.pass(5100);
    expect(h.states).toContain('reconnecting:connection_lost');
  });

  it('finds out by a receipt that does not come that a connection is dead, and says that it doubts', async () => {
    const h = new Harness();
    const doubts: boolean[] = [];
    h.client.on('doubt', ({ isInDoubt }) => doubts.push(isInDoubt));
    await h.connect();
    h.server.intercept = () => true;
    const sent = h.client.send(other, 'is anybody there?');
    await h.pass(8900);
    expect(doubts).toEqual([]);
    await h.pass(200);
    expect(doubts).toEqual([true]);
    await h.pass(4000);
    expect(h.states).toContain('reconnecting:connection_lost');
    expect(doubts).toEqual([true]);
    h.server.intercept = () => false;
    await h.pass(5000);
    expect(doubts).toEqual([true, false]);
    expect((await sent).seq).toBe(1);
  });

  it('leaves a connection that answers, however long a receipt takes, and asks nothing where none is waited for', async () => {
    const h = new Harness();
    const doubts: boolean[] = [];
    h.client.on('doubt', ({ isInDoubt }) => doubts.push(isInDoubt));
    await h.connect();
    await h.client.send(other, 'hello');
    await h.pass(25_000);
    expect(h.server.sent(Code.heartbeat)).toEqual([]);
    h.server.intercept = (code) => code === Code.message;
    const late = h.client.send(other, 'late');
    late.catch(() => {});
    await h.pass(4900);
    await h.pass(20_000);
    expect(h.server.sent(Code.heartbeat).length).toBeGreaterThan(2);
    expect([h.client.state, doubts]).toEqual(['online', []]);
  });

  it('can be closed in an attempt', async () => {
    const h = new Harness();
    await h.connect();
    h.server.refuse = 'silent';
    h.server.drop();
    await h.pass(2000);
    const closed = h.client.close();
    await h.pass();
    await closed;
    expect(h.client.state).toBe('closed');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits as long as a BYE says', async () => {
    const h = new Harness();
    await h.connect();
    h.server.bye('draining', true, 3000);
    await h.pass(2900);
    expect(h.server.sockets).toHaveLength(1);
    await h.pass(200);
    expect(h.server.sockets).toHaveLength(2);
    expect(h.client.state).toBe('online');
  });

  it('stays away when a BYE says so', async () => {
    const h = new Harness();
    await h.connect();
    h.server.bye('replaced', false);
    await h.pass(60_000);
    expect(h.states.at(-1)).toBe('closed:replaced');
    expect(h.server.sockets).toHaveLength(1);
    await expect(h.client.send(other, 'x')).rejects.toMatchObject({ error: 'closed' });
    await expect(h.client.join(room)).rejects.toMatchObject({ error: 'closed' });
  });

  it('takes a peer that does not speak the protocol for a broken connection', async () => {
    const h = new Harness();
    await h.connect();
    h.server.socket.receive('<html>');
    await h.pass(1000);
    expect(h.states).toContain('reconnecting:bad_peer');
    expect(h.client.state).toBe('online');
  });

  it('logs out when closed, and fails what has no receipt', async () => {
    const h = new Harness();
    await h.connect();
    h.server.intercept = (code) => code === Code.message;
    const lost = h.client.send(other, 'x').catch((cause: unknown) => cause);
    await h.pass();
    const closed = h.client.close();
    await h.pass();
    await closed;
    expect(h.server.sent(Code.logout)).toHaveLength(1);
    expect(await lost).toMatchObject({ error: 'closed' });
    expect(h.states.at(-1)).toBe('closed:closed');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('can be closed while it connects', async () => {
    const h = new Harness();
    h.server.refuse = 'silent';
    const connected = h.client.connect().catch((cause: unknown) => cause);
    await h.pass();
    await h.client.close();
    expect(await connected).toMatchObject({ error: 'closed' });
    expect(h.client.state).toBe('closed');
  });
});

describe('sending', () => {
  it('gives the receipt', async () => {
    const h = new Harness();
    await h.connect();
    const receipt = h.client.send(other, 'hello', { clientMsgId: 'c1' });
    await h.pass();
    expect(await receipt).toMatchObject({ clientMsgId: 'c1', msgId: 'm1', conversation: d, seq: 1 });
    expect(h.client.pendingCount).toBe(0);
  });

  it('waits for a connection, and sends in order', async () => {
    const h = new Harness();
    const sends = ['a', 'b', 'c'].map((content) => h.client.send(other, content));
    await h.connect();
    await h.pass();
    await Promise.all(sends);
    expect(h.server.log(d).map((message) => JSON.parse(message.data).content)).toEqual(['a', 'b', 'c']);
  });

  it('sends again what has no receipt, in order and with the same ids, and it is stored once', async () => {
    const h = new Harness();
    await h.connect();
    h.server.receipts = false;
    const sends = ['a', 'b', 'c'].map((content) => h.client.send(other, content));
    await h.pass();
    h.server.drop();
    h.server.receipts = true;
    await h.pass(1000);
    await Promise.all(sends);
    const ids = h.server.sent(Code.message).map((body) => body.clientMsgId);
    expect(ids).toHaveLength(6);
    expect(ids.slice(3)).toEqual(ids.slice(0, 3));
    expect(h.server.log(d)).toHaveLength(3);
    expect(h.contents).toEqual([]);
  });

  it('takes an own message that comes back for the receipt that got lost', async () => {
    const h = new Harness();
    await h.connect();
    void h.client.join(room);
    await h.pass();
    h.server.receipts = false;
    const sent = h.client.sendToRoom(room, 'mine');
    await h.pass();
    h.server.sayIn(room, 'theirs');
    await h.pass(2000);
    expect(await sent).toMatchObject({ seq: 1 });
    expect(h.contents).toEqual(['theirs']);
    expect(h.gaps).toEqual([]);
  });

  it('rejects a refused message with the word of the server', async () => {
    const h = new Harness();
    await h.connect();
    h.server.intercept = (code, body) => {
      if (code !== Code.message) return false;
      h.server.send(Code.error, { error: 'muted', message: 'no', clientMsgId: body.clientMsgId, retryAfterMs: 9000 });
      return true;
    };
    const refused = h.client.sendToRoom(room, 'x').catch((cause: unknown) => cause);
    await h.pass();
    expect(await refused).toBeInstanceOf(SailfishError);
    expect(await refused).toMatchObject({ error: 'muted', retryAfterMs: 9000 });
  });

  it('waits out the rate limit, one at a time and in order', async () => {
    const h = new Harness({ maxInFlight: 1 });
    await h.connect();
    let refusals = 3;
    h.server.intercept = (code, body) => {
      if (code !== Code.message || refusals-- <= 0) return false;
      h.server.send(Code.error, {
        error: 'rate_limited',
        message: '',
        clientMsgId: body.clientMsgId,
        retryAfterMs: 200,
      });
      return true;
    };
    const sends = ['a', 'b', 'c'].map((content) => h.client.send(other, content));
    await h.pass(2000);
    await Promise.all(sends);
    expect(h.server.log(d).map((message) => JSON.parse(message.data).content)).toEqual(['a', 'b', 'c']);
  });

  it('keeps at most maxInFlight on the way', async () => {
    const h = new Harness({ maxInFlight: 2 });
    await h.connect();
    h.server.receipts = false;
    for (let i = 0; i < 5; i++) void h.client.send(other, `${i}`).catch(() => {});
    await h.pass();
    expect(h.server.sent(Code.message)).toHaveLength(2);
  });

  it('gives up after the receipt timeout', async () => {
    const h = new Harness({ receiptTimeoutMs: 500 });
    await h.connect();
    h.server.receipts = false;
    const lost = h.client.send(other, 'x').catch((cause: unknown) => cause);
    await h.pass(600);
    expect(await lost).toMatchObject({ error: 'receipt_timeout' });
    expect(h.client.pendingCount).toBe(0);
  });

  it('counts two sends with one id as two that wait', async () => {
    const h = new Harness({ receiptTimeoutMs: 500, reconnectMinMs: 1, reconnectMaxMs: 1 });
    await h.connect();
    h.server.receipts = false;
    const first = h.client.send(other, 'x', { clientMsgId: 'same' }).catch((cause: unknown) => cause);
    await h.pass(300);
    const second = h.client.send(other, 'x', { clientMsgId: 'same' });
    await h.pass(250);
    expect(await first).toMatchObject({ error: 'receipt_timeout' });
    expect(h.client.pendingCount).toBe(1);
    h.server.receipts = true;
    h.server.drop();
    await h.pass(1000);
    const outcome = await second.catch((cause: unknown) => cause);
    expect(outcome).toMatchObject({ clientMsgId: 'same' });
    expect(h.client.pendingCount).toBe(0);
    expect(h.server.log(d)).toHaveLength(1);
  });

  it('stores one id in two conversations twice, and tells their answers apart', async () => {
    const h = new Harness();
    await h.connect();
    void h.client.join(room);
    await h.pass();
    h.server.intercept = (code, { clientMsgId, data }) => {
      if (code !== Code.message || JSON.parse(data).objectId !== other + 1) return false;
      h.server.send(Code.error, { error: 'content_refused', message: 'no', clientMsgId });
      return true;
    };
    const first = h.client.send(other, 'x', { clientMsgId: 'same' });
    const refused = h.client.send(other + 1, 'x', { clientMsgId: 'same' }).catch((cause: unknown) => cause);
    const third = h.client.sendToRoom(room, 'x', { clientMsgId: 'same' });
    const again = h.client.send(other, 'x', { clientMsgId: 'same' });
    const behind = h.client.send(other, 'behind');
    await h.pass();
    expect(await first).toMatchObject({ clientMsgId: 'same', conversation: d, seq: 1 });
    expect(await refused).toMatchObject({ error: 'content_refused' });
    expect(await third).toMatchObject({ clientMsgId: 'same', conversation: `r:${room}`, seq: 1 });
    expect(await again).toEqual(await first);
    expect(await behind).toMatchObject({ conversation: d, seq: 2 });
    expect(h.client.pendingCount).toBe(0);
  });

  it('takes a late receipt of the same id in another conversation for no receipt', async () => {
    const h = new Harness({ receiptTimeoutMs: 500 });
    await h.connect();
    h.server.receipts = false;
    const late = h.client.send(other, 'x', { clientMsgId: 'same' }).catch((cause: unknown) => cause);
    await h.pass(600);
    expect(await late).toMatchObject({ error: 'receipt_timeout' });
    const sent = h.client.sendToRoom(room, 'x', { clientMsgId: 'same' });
    await h.pass();
    h.server.send(Code.receipt, { clientMsgId: 'same', msgId: 'm1', conversation: d, seq: 1, time: 1 });
    await h.pass();
    expect(h.client.pendingCount).toBe(1);
    h.server.send(Code.receipt, { clientMsgId: 'same', msgId: 'm2', conversation: `r:${room}`, seq: 1, time: 1 });
    await h.pass();
    expect(await sent).toMatchObject({ msgId: 'm2' });
  });

  it('waits however long it is told to', async () => {
    const h = new Harness({ receiptTimeoutMs: Number.POSITIVE_INFINITY });
    await h.connect();
    h.server.intercept = (code, { clientMsgId }) => {
      if (code !== Code.message) return false;
      h.server.send(Code.error, { error: 'rate_limited', message: '', clientMsgId, retryAfterMs: 2 ** 40 });
      return true;
    };
    void h.client.send(other, 'x').catch(() => {});
    await h.pass(1000);
    expect(h.server.sent(Code.message)).toHaveLength(1);
  });

  it('gives up at once where the rate asks for more patience than there is', async () => {
    const h = new Harness();
    await h.connect();
    h.server.intercept = (code, { clientMsgId }) => {
      if (code !== Code.message) return false;
      h.server.send(Code.error, { error: 'rate_limited', message: '', clientMsgId, retryAfterMs: 3_600_000 });
      return true;
    };
    const refused = h.client.send(other, 'x').catch((cause: unknown) => cause);
    await h.pass();
    expect(await refused).toMatchObject({ error: 'rate_limited', retryAfterMs: 3_600_000 });
  });

  it('refuses what cannot be sent', async () => {
    const h = new Harness();
    await h.connect();
    await expect(h.client.send(me, 'x')).rejects.toThrow(/another/);
    await expect(h.client.send(other, 'half \ud83d')).rejects.toThrow(RangeError);
    await expect(h.client.sendToRoom(room, 'nul \0')).rejects.toThrow(RangeError);
    await expect(h.client.send(other, '🐟', { clientMsgId: '\udc1f' })).rejects.toThrow(RangeError);
    await expect(h.client.send(5, 'x')).rejects.toThrow(RangeError);
    await expect(h.client.sendToRoom(0, 'x')).rejects.toThrow(RangeError);
    await expect(h.client.send(other, 'x', { clientMsgId: 'x'.repeat(65) })).rejects.toThrow(RangeError);
    await expect(h.client.send(other, '好'.repeat(30_000))).rejects.toThrow(/bytes/);
    await expect(h.client.join(room, { history: 101 })).rejects.toThrow(RangeError);
  });
});

describe('one-to-one messages', () => {
  it('come with who sent them, and are acknowledged', async () => {
    const h = new Harness();
    await h.connect();
    h.server.say('hi');
    h.server.say('there');
    await h.pass();
    expect(h.messages[0]).toMatchObject({
      content: 'hi',
      senderId: other,
      senderName: 'u10002',
      objectId: me,
      roomId: null,
      conversation: d,
      seq: 1,
    });
    expect(h.contents).toEqual(['hi', 'there']);
    expect(h.server.acked.get(d)).toBe(2);
  });

  it('that waited are pulled page by page after login, and acknowledged', async () => {
    const h = new Harness();
    h.server.syncLimit = 7;
    h.server.delivers = () => false;
    await h.connect();
    h.server.drop();
    for (let i = 1; i <= 50; i++) h.server.say(`${i}`);
    await h.pass(3000);
    expect(h.contents).toEqual(Array.from({ length: 50 }, (_, i) => `${i + 1}`));
    expect(h.server.acked.get(d)).toBe(50);
    expect(h.gaps).toEqual([]);
  });

  it('come once, however often they are sent', async () => {
    const h = new Harness();
    await h.connect();
    const message = h.server.say('once');
    await h.pass();
    h.server.push(message);
    h.server.push(message);
    await h.pass();
    expect(h.contents).toEqual(['once']);
  });

  it('that wait are all there when catchUp resolves', async () => {
    const h = new Harness();
    h.server.syncLimit = 3;
    h.server.delivers = () => false;
    const connected = h.connect();
    for (let i = 0; i < 10; i++) h.server.say(`${i}`);
    await connected;
    const caught = h.client.catchUp().then(() => h.messages.length);
    await h.pass(1000);
    expect(await caught).toBe(10);
  });
});

describe('the pull of what waited', () => {
  /** Five messages wait. Into each of the first SYNCs comes a push of the last of them, and an ERROR. */
  function withErrors(error: object, times: number, answers: boolean): Harness {
    const h = new Harness();
    h.server.delivers = () => false;
    const messages = [1, 2, 3, 4, 5].map((n) => h.server.say(`${n}`));
    h.server.delivers = () => true;
    let left = times;
    h.server.intercept = (code) => {
      if (code !== Code.sync || left-- <= 0) return false;
      h.server.push(messages[4] as (typeof messages)[0]);
      h.server.send(Code.error, { message: '', ...error });
      return !answers;
    };
    return h;
  }

  it.each(['forbidden', 'internal', 'rate_limited', 'a_word_of_tomorrow'])('is tried again after %s', async (error) => {
    const h = withErrors({ error, retryAfterMs: 20 }, 1, false);
    await h.connect();
    await h.pass(3000);
    expect(h.contents).toEqual(['1', '2', '3', '4', '5']);
    expect(h.server.acked.get(d)).toBe(5);
  });

  it.each([
    { error: 'room_closed', roomId: 7 },
    { error: 'muted', roomId: 7 },
    { error: 'rate_limited', roomId: 7 },
    { error: 'content_refused' },
  ])('is not ended by an ERROR that is about something else: %j', async (stray) => {
    const h = withErrors(stray, 1, true);
    await h.connect();
    await h.pass(100);
    expect(h.server.sent(Code.sync)).toHaveLength(1);
    expect(h.contents).toEqual(['1', '2', '3', '4', '5']);
  });

  it('that stays refused ends in single acks, and is told to who waits for it', async () => {
    const h = withErrors({ error: 'forbidden' }, 1000, false);
    await h.connect();
    const caught = h.client.catchUp().catch((cause: unknown) => cause);
    await h.pass(3000);
    expect(await caught).toMatchObject({ error: 'forbidden' });
    expect(h.contents).toEqual(['5']);
    expect(h.server.sent(Code.ack)).toEqual([{ msgId: 'm5' }]);
  });

  it('of a guest, for whom nothing can wait, is done when the server says so', async () => {
    const h = new Harness();
    let asked = 0;
    h.server.intercept = (code) => {
      if (code !== Code.sync || asked++ > 0) return false;
      h.server.send(Code.error, { message: '', error: 'guest' });
      return true;
    };
    await h.connect();
    const caught = h.client.catchUp();
    await h.pass(3000);
    await caught;
    // One for what waits, one to catch up.
    expect(h.server.sent(Code.sync)).toHaveLength(2);
  });

  it('without messages in its reply is no pull: the connection begins anew', async () => {
    const h = new Harness();
    let broken = 1;
    h.server.delivers = () => false;
    h.server.say('1');
    h.server.intercept = (code) => {
      if (code !== Code.sync || broken-- <= 0) return false;
      h.server.send(Code.sync, { more: false });
      return true;
    };
    await h.connect();
    await h.pass(3000);
    expect(h.states).toContain('reconnecting:bad_peer');
    expect(h.contents).toEqual(['1']);
  });
});

describe('acknowledging by the application', () => {
  it('keeps on the server what the application did not acknowledge', async () => {
    const h = new Harness({ ack: 'manual' });
    await h.connect();
    for (const content of ['a', 'b', 'c']) h.server.say(content);
    await h.pass();
    expect(h.contents).toEqual(['a', 'b', 'c']);
    expect(h.server.sent(Code.ack)).toEqual([]);
    for (const message of h.messages.slice(0, 2)) h.client.ack(message);
    await h.pass();
    expect(h.server.acked.get(d)).toBe(2);
  });

  it('never acknowledges more than the application did, in whatever order it does', async () => {
    const h = new Harness({ ack: 'manual' });
    await h.connect();
    for (const content of ['a', 'b', 'c']) h.server.say(content);
    await h.pass();
    const [a, b, c] = h.messages as [SailfishMessage, SailfishMessage, SailfishMessage];
    h.client.ack(c);
    await h.pass();
    expect(h.server.sent(Code.ack)).toEqual([{ msgId: 'm3' }]);
    h.client.ack(a);
    await h.pass();
    expect(h.server.acked.get(d)).toBe(1);
    h.client.ack(b);
    await h.pass();
    expect(h.server.acked.get(d)).toBe(3);
  });

  it('delivers once what comes again, and acknowledges again what was acknowledged', async () => {
    const h = new Harness({ ack: 'manual' });
    await h.connect();
    const message = h.server.say('a');
    await h.pass();
    h.server.push(message);
    await h.pass();
    expect(h.server.sent(Code.ack)).toEqual([]);
    h.client.ack(h.messages[0] as SailfishMessage);
    h.server.push(message);
    await h.pass();
    expect(h.contents).toEqual(['a']);
    expect(h.server.sent(Code.ack).length).toBeGreaterThan(0);
  });

  it('goes on with the pull as the application acknowledges, and stands still when it does not', async () => {
    const h = new Harness({ ack: 'manual' });
    h.server.syncLimit = 5;
    h.server.delivers = () => false;
    for (let i = 1; i <= 12; i++) h.server.say(`${i}`);
    await h.connect();
    const caught = h.client.catchUp().then(() => true);
    await h.pass(10_000);
    expect(await caught).toBe(true);
    const asked = h.server.sent(Code.sync).length;
    await h.pass(60_000);
    expect(h.server.sent(Code.sync)).toHaveLength(asked);
    expect(h.contents).toEqual(['1', '2', '3', '4', '5']);
    h.client.on('message', (message) => h.client.ack(message));
    for (const message of [...h.messages]) h.client.ack(message);
    await h.pass(10_000);
    expect(h.contents).toEqual(Array.from({ length: 12 }, (_, i) => `${i + 1}`));
    expect(h.server.acked.get(d)).toBe(12);
  });

  it('brings what was not acknowledged to the next client', async () => {
    const h = new Harness({ ack: 'manual' });
    await h.connect();
    for (const content of ['a', 'b']) h.server.say(content);
    await h.pass();
    h.client.ack(h.messages[0] as SailfishMessage);
    await h.pass();
    h.server.drop();
    const next = new SailfishClient({
      url: 'ws://x',
      WebSocket: h.server.WebSocket,
      token: () => tokenFor(me),
    });
    const contents: unknown[] = [];
    next.on('message', (message) => contents.push(message.content));
    void next.connect();
    await h.pass(500);
    expect(contents).toEqual(['b']);
  });
});

describe('rooms', () => {
  it('that close are closed by whatever ERROR says so, and no other request is ended by it', async () => {
    const h = new Harness();
    const closed: number[] = [];
    h.client.on('roomClosed', ({ roomId }) => closed.push(roomId));
    await h.connect();
    void h.client.join(room);
    await h.pass();
    h.server.intercept = (code) => {
      if (code === Code.join) h.server.send(Code.error, { error: 'room_closed', message: '', roomId: room });
      return false;
    };
    const joined = h.client.join(8);
    await h.pass();
    expect(await joined).toMatchObject({ roomId: 8 });
    expect(closed).toEqual([room]);
  });

  it('have their stored close told behind what was said before it', async () => {
    const h = new Harness();
    const told: string[] = [];
    h.client.on('message', (message) => told.push(message.content ?? ''));
    h.client.on('roomClosed', ({ roomId }) => told.push(`closed ${roomId}`));
    await h.connect();
    void h.client.join(room);
    await h.pass();
    h.server.delivers = (message) => message.bizCode === 5570;
    h.server.sayIn(room, 'good');
    h.server.sayIn(room, 'bye');
    h.server.closeRoom(room);
    await h.pass(1000);
    expect(told).toEqual(['good', 'bye', 'closed 7']);
    expect(h.gaps).toEqual([]);
    h.server.drop();
    await h.pass(1000);
    expect(h.server.members.size).toBe(0);
  });

  it('are joined with history', async () => {
    const h = new Harness();
    await h.connect();
    for (let i = 1; i <= 5; i++) h.server.sayIn(room, `${i}`);
    const joined = h.client.join(room, { history: 3 });
    await h.pass();
    expect(await joined).toEqual({ roomId: room, conversation: 'r:7', seq: 5, viewers: 2, state: null, streamUrl: '' });
    expect(h.contents).toEqual(['3', '4', '5']);
    expect(h.server.sent(Code.ack)).toEqual([]);
  });

  it('have their gaps filled in order', async () => {
    const h = new Harness();
    await h.connect();
    void h.client.join(room);
    await h.pass();
    h.server.delivers = (message) => message.seq % 3 === 0;
    for (let i = 1; i <= 9; i++) h.server.sayIn(room, `${i}`);
    await h.pass(1000);
    expect(h.contents).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(h.gaps).toEqual([]);
  });

  it('count own messages as seen by their receipts', async () => {
    const h = new Harness();
    await h.connect();
    void h.client.join(room);
    await h.pass();
    void h.client.sendToRoom(room, 'mine');
    await h.pass();
    h.server.sayIn(room, 'theirs');
    await h.pass();
    expect(h.contents).toEqual(['theirs']);
    expect(h.server.sent(Code.sync).filter((body) => body.after)).toEqual([]);
  });

  it('are joined again after a reconnect, with what was missed', async () => {
    const h = new Harness();
    await h.connect();
    void h.client.join(room);
    await h.pass();
    h.server.sayIn(room, '1');
    await h.pass();
    h.server.drop();
    for (let i = 2; i <= 300; i++) h.server.sayIn(room, `${i}`);
    h.server.syncLimit = 50;
    await h.pass(2000);
    expect(h.server.members).toContain(room);
    expect(h.contents).toEqual(Array.from({ length: 300 }, (_, i) => `${i + 1}`));
  });

  it('are synced when the server says that this client is behind', async () => {
    const h = new Harness();
    await h.connect();
    void h.client.join(room);
    await h.pass();
    h.server.delivers = () => false;
    h.server.sayIn(room, 'skipped');
    h.server.send(Code.error, { error: 'behind', message: '', conversation: 'r:7' });
    await h.pass(1000);
    expect(h.contents).toEqual(['skipped']);
  });

  it('tell a gap that cannot be filled, and go on behind it', async () => {
    const h = new Harness();
    await h.connect();
    void h.client.join(room);
    await h.pass();
    h.server.delivers = (message) => message.seq === 3;
    for (let i = 1; i <= 3; i++) h.server.sayIn(room, `${i}`);
    h.server.log('r:7').splice(0, 2);
    await h.pass(5000);
    expect(h.gaps).toEqual([{ conversation: 'r:7', firstMissing: 1, lastMissing: 2 }]);
    expect(h.contents).toEqual(['3']);
  });

  it('say when they close', async () => {
    const h = new Harness();
    const closed: number[] = [];
    h.client.on('roomClosed', ({ roomId }) => closed.push(roomId));
    await h.connect();
    void h.client.join(room);
    await h.pass();
    h.server.send(Code.message, { bizCode: 5570, msgId: 'x', data: '{"roomId":7,"event":"room_closed"}' });
    h.server.send(Code.message, { bizCode: 5570, msgId: 'x', data: '{"roomId":7,"event":"room_closed"}' });
    await h.pass();
    expect(closed).toEqual([7]);
    expect(h.contents).toEqual([]);
  });

  it('say so too when they closed while the client was away', async () => {
    const h = new Harness();
    const closed: number[] = [];
    h.client.on('roomClosed', ({ roomId }) => closed.push(roomId));
    await h.connect();
    void h.client.join(room);
    await h.pass();
    h.server.closedRooms.add(room);
    h.server.drop();
    await h.pass(1000);
    expect(closed).toEqual([7]);
    expect(h.client.state).toBe('online');
  });

  it('say why somebody else took the user out', async () => {
    const h = new Harness();
    const left: string[] = [];
    h.client.on('roomLeft', ({ reason }) => left.push(reason));
    await h.connect();
    void h.client.join(room);
    await h.pass();
    h.server.send(Code.leave, { roomId: room, reason: 'removed' });
    await h.pass();
    expect(left).toEqual(['removed']);
    await h.pass();
    h.server.drop();
    await h.pass(1000);
    expect(h.server.members.size).toBe(0);
  });

  it('give their likes as an event, stored or not', async () => {
    const h = new Harness();
    const likes: number[] = [];
    h.client.on('likes', (event) => likes.push(event.likes));
    await h.connect();
    void h.client.join(room);
    await h.pass();
    const data = (n: number) => JSON.stringify({ roomId: room, event: 'likes', likes: n });
    h.server.send(Code.message, { bizCode: 5571, msgId: 'l1', data: data(4) });
    h.server.send(Code.message, { bizCode: 5571, msgId: 'l2', data: data(9), conversation: 'r:7', seq: 1 });
    await h.pass();
    expect(likes).toEqual([4, 9]);
    expect(h.contents).toEqual([]);
  });

  it('tell how they are, whole with each join and each change, where that is asked for', async () => {
    const h = new Harness({ roomState: true });
    const told: unknown[] = [];
    const viewers: number[] = [];
    h.client.on('roomState', (event) => told.push(event));
    h.client.on('viewers', (event) => viewers.push(event.viewers));
    h.server.roomState = { stream: 'off', streamUrl: '', width: 0, height: 0, title: '夜宵', announcement: '' };
    await h.connect();
    expect(h.server.sent(Code.login)[0]).toMatchObject({ features: ['state'] });
    const joined = h.client.join(room);
    await h.pass();
    const whole = { stream: 'off', width: 0, height: 0, viewers: 2, title: '夜宵', announcement: '' };
    expect(await joined).toMatchObject({ viewers: 2, state: whole, streamUrl: '' });
    const tell = (change: object) =>
      h.server.send(Code.message, { bizCode: 5574, data: JSON.stringify({ roomId: room, event: 'state', ...change }) });
    tell({ stream: 'live', width: 1280, height: 720, viewers: 9, joined: ['Ann', 7] });
    tell({ stream: 'what', announcement: 'at eight' });
    await h.pass();
    const live = { ...whole, stream: 'live', width: 1280, height: 720, viewers: 9 };
    expect(told).toEqual([
      { roomId: room, state: whole, joined: [] },
      { roomId: room, state: live, joined: ['Ann'] },
      { roomId: room, state: { ...live, announcement: 'at eight' }, joined: [] },
    ]);
    expect(viewers).toEqual([9]);
    h.server.drop();
    await h.pass(2000);
    expect(told.at(-1)).toEqual({ roomId: room, state: whole, joined: [] });
    const left = h.client.leave(room);
    await h.pass();
    await left;
    const count = told.length;
    tell({ viewers: 1 });
    h.server.send(Code.message, { bizCode: 5574, data: 'no JSON' });
    await h.pass();
    expect([told.length, h.contents]).toEqual([count, []]);
  });

  it('are as they were to who does not ask, or asks a server that does not know of it', async () => {
    const h = new Harness();
    await h.connect();
    expect(h.server.sent(Code.login)[0]).not.toHaveProperty('features');
    const joined = h.client.join(room);
    await h.pass();
    expect(await joined).toMatchObject({ state: null, streamUrl: '' });
  });

  it('reject a join that is refused', async () => {
    const h = new Harness();
    h.server.closedRooms.add(room);
    await h.connect();
    const refused = h.client.join(room).catch((cause: unknown) => cause);
    await h.pass();
    expect(await refused).toMatchObject({ error: 'room_closed', roomId: room });
  });

  it('may be left', async () => {
    const h = new Harness();
    await h.connect();
    void h.client.join(room);
    await h.pass();
    const left = h.client.leave(room);
    await h.pass();
    await left;
    h.server.drop();
    await h.pass(1000);
    expect(h.server.sent(Code.join)).toHaveLength(1);
  });
});

describe('handlers', () => {
  it('that throw are reported and disturb nobody', async () => {
    const h = new Harness();
    h.client.on('message', () => {
      throw new Error('handler');
    });
    const seen: string[] = [];
    h.client.on('message', (message) => seen.push(message.content ?? ''));
    await h.connect();
    h.server.say('a');
    expect(() => vi.advanceTimersByTime(1)).toThrow('handler');
    h.server.say('b');
    expect(() => vi.advanceTimersByTime(1)).toThrow('handler');
    expect(seen).toEqual(['a', 'b']);
  });

  it('may be taken away', async () => {
    const h = new Harness();
    const seen: unknown[] = [];
    const stop = h.client.on('message', (message) => seen.push(message));
    await h.connect();
    stop();
    h.server.say('a');
    await h.pass();
    expect(seen).toEqual([]);
  });
});
