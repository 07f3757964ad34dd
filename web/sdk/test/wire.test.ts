import { describe, expect, it } from 'vitest';
import { Backoff } from '../src/connection/backoff.js';
import { decodeFrame, encodeFrame, wholeOf } from '../src/wire/frames.js';
import { readToken } from '../src/wire/token.js';
import { tokenFor } from './fakes/fakeServer.js';

describe('frames', () => {
  it('go there and back', () => {
    expect(decodeFrame(encodeFrame(1003, { data: '{"content":"你好"}' }))).toEqual({
      code: 1003,
      body: { data: '{"content":"你好"}' },
    });
  });

  it.each(['', '[]', '1', '{"code":"x"}', '{"code":1,"body":[]}', null, new ArrayBuffer(2)])('are not %j', (text) => {
    expect(() => decodeFrame(text)).toThrow('does not speak Sailfish');
  });

  it('have whole numbers as numbers or strings', () => {
    expect([wholeOf(5), wholeOf('9007199254740991'), wholeOf('-1'), wholeOf(1.5), wholeOf('x'), wholeOf(null)]).toEqual(
      [5, 9007199254740991, null, null, null, null],
    );
  });
});

describe('tokens', () => {
  it('say whom they are for', () => {
    expect(readToken(tokenFor(10_001))).toEqual({ userId: 10_001, appId: 77 });
  });

  it.each(['', 'a.b', 'a.e30.c', '..'])('are not "%s"', (text) => {
    expect(readToken(text)).toBeNull();
  });
});

describe('the backoff', () => {
  it('doubles its range up to the most, and begins anew', () => {
    const backoff = new Backoff(500, 30_000, () => 1);
    const delays = Array.from({ length: 8 }, () => backoff.next());
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    backoff.reset();
    expect(backoff.next()).toBe(500);
  });

  it('draws from the whole range', () => {
    expect(new Backoff(500, 30_000, () => 0).next()).toBe(0);
  });
});
