import { describe, expect, it } from 'vitest';
import { edgeOf, pastGap } from '../../src/video/ranges';
import { endingOf, ReopenDelay } from '../../src/video/reopen';
import { stillMs, Watchdog } from '../../src/video/watchdog';

describe('a hole in what came', () => {
  const ranges = [
    { start: 1, end: 4 },
    { start: 6, end: 9 },
  ];

  it.each([
    ['inside of a stretch', 2, null],
    ['at the end of a stretch before a hole', 3.95, 6.01],
    ['in a hole', 5, 6.01],
    ['before everything', 0, 1.01],
    ['at the live edge, where more will come', 8.99, null],
    ['just past the live edge', 9.01, null],
    ['far past everything', 20, 8.92],
  ])('is jumped over: %s', (_, at, to) => {
    const found = pastGap(ranges, at);
    if (to === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(to);
  });

  it('is nowhere where nothing came', () => {
    expect(pastGap([], 3)).toBeNull();
    expect(edgeOf([])).toBeNull();
    expect(edgeOf(ranges)).toBe(9);
  });
});

describe('the watchdog', () => {
  it('barks when nothing new is shown for five seconds', () => {
    const watchdog = new Watchdog();
    watchdog.begin(0);
    expect(watchdog.look(1, 100)).toBe(false);
    expect(watchdog.look(1, 100 + stillMs - 1)).toBe(false);
    expect(watchdog.look(2, 100 + stillMs)).toBe(false);
    expect(watchdog.look(2, 100 + 2 * stillMs)).toBe(true);
  });

  it('begins anew with what is opened', () => {
    const watchdog = new Watchdog();
    watchdog.look(7, 0);
    watchdog.begin(stillMs);
    expect(watchdog.look(7, stillMs + 1)).toBe(false);
  });
});

describe('a connection that ended', () => {
  it.each([
    [1000, 'ended'],
    [1001, 'later'],
    [1006, 'later'],
    [1008, 'refused'],
    [1013, 'later'],
    [4000, 'now'],
    [4404, 'wait'],
    [4999, 'later'],
  ] as const)('with %i is followed by: %s', (code, ending) => {
    expect(endingOf(code)).toBe(ending);
  });

  it('is made again after a pause between nothing and a limit that doubles', () => {
    const longest = new ReopenDelay(() => 1);
    expect([1, 2, 3, 4, 5].map(() => longest.next('later'))).toEqual([2000, 4000, 8000, 15_000, 15_000]);
    longest.succeeded();
    expect(longest.next('later')).toBe(2000);
    expect(new ReopenDelay(() => 0).next('later')).toBe(0);
  });

  it('is made again at once where the tracks changed, but not for ever', () => {
    const delay = new ReopenDelay(() => 1);
    expect([1, 2, 3].map(() => delay.next('now'))).toEqual([0, 0, 0]);
    expect(delay.next('now')).toBeGreaterThan(0);
    delay.succeeded();
    expect(delay.next('now')).toBe(0);
  });
});
