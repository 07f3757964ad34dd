import { describe, expect, it } from 'vitest';
import { addPoint, beginCurve, pathOf } from '../src/logic/curve';
import { placeAt } from '../src/logic/popover';
import { healthOf } from '../src/logic/streamHealth';

describe('a curve', () => {
  it('has the largest number of each step, and what was before where nothing was heard', () => {
    let curve = beginCurve(1000, 1);
    for (const [time, value] of [
      [2000, 5],
      [3000, 2],
      [6000, 3],
      [21_500, 4],
      // A clock that was set back.
      [500, 9],
    ] as const)
      curve = addPoint(curve, time, value);
    expect(curve.points).toEqual([5, 3, 3, 3, 9]);
  });

  it('stays short however long it goes on, with its peak', () => {
    let curve = beginCurve(0, 1);
    for (let time = 0; time < 8 * 3_600_000; time += 5000) curve = addPoint(curve, time, time === 3_600_000 ? 77 : 2);
    expect(curve.points.length).toBeLessThanOrEqual(90);
    expect(curve.points.length * curve.stepMs).toBeGreaterThanOrEqual(8 * 3_600_000 - curve.stepMs);
    expect(Math.max(...curve.points)).toBe(77);
    // After a night's sleep.
    expect(addPoint(curve, 90 * 3_600_000, 3).points.length).toBeLessThanOrEqual(90);
  });

  it('is a line over the whole width, also where there is one point', () => {
    expect(pathOf([0, 4, 2], 100, 20)).toBe('M0 20L50 0L100 10');
    expect(pathOf([3], 100, 20)).toBe('M0 0H100');
    expect(pathOf([0], 100, 20)).toBe('M0 20H100');
  });
});

describe('the health of a stream', () => {
  it.each([
    [{ state: 'live', fps: 30, gopSeconds: 2 }, 'good'],
    [{ state: 'live' }, 'good'],
    [{ state: 'live', fps: 8, gopSeconds: 9 }, 'slow'],
    [{ state: 'live', fps: 25, gopSeconds: 9 }, 'sparse'],
    [{ state: 'away', fps: 25 }, 'away'],
  ])('%j is %s', (figures, health) => {
    expect(healthOf(figures)).toBe(health);
  });
});

describe('a popover', () => {
  const view = { width: 390, height: 844 };
  const size = { width: 340, height: 300 };

  it('stands beneath what it is about, within the window', () => {
    expect(placeAt({ left: 20, top: 100, bottom: 120 }, size, view)).toEqual({ left: 20, top: 126 });
    expect(placeAt({ left: 300, top: 100, bottom: 120 }, size, view)).toEqual({ left: 42, top: 126 });
  });

  it('stands above where there is no room beneath, and is whole where there is none at all', () => {
    expect(placeAt({ left: 20, top: 700, bottom: 720 }, size, view)).toEqual({ left: 20, top: 394 });
    expect(placeAt({ left: 20, top: 200, bottom: 220 }, size, { width: 844, height: 390 })).toEqual({
      left: 20,
      top: 82,
    });
    expect(placeAt({ left: 0, top: 10, bottom: 30 }, size, { width: 320, height: 200 })).toEqual({ left: 8, top: 8 });
  });
});
