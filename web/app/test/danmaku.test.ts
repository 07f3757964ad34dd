import { describe, expect, it } from 'vitest';
import { type Crossing, DanmakuLanes } from '../src/logic/danmaku';
import { randomFrom } from './random';

const crossing: Crossing = { stageWidth: 1000, durationMs: 8000, gap: 20, lanes: 3 };

interface Flight {
  readonly lane: number;
  readonly start: number;
  readonly width: number;
}

/** Where the left edge is; the stage begins at 0. */
function leftOf({ start, width }: Flight, now: number): number {
  const { stageWidth, durationMs } = crossing;
  return stageWidth - ((stageWidth + width) * (now - start)) / durationMs;
}

function overlap(a: Flight, b: Flight): boolean {
  const [first, second] = a.start <= b.start ? [a, b] : [b, a];
  for (let now = second.start; now <= first.start + crossing.durationMs; now += 50)
    if (leftOf(first, now) + first.width > leftOf(second, now) + 0.001) return true;
  return false;
}

describe('danmaku lanes', () => {
  it.each(Array.from({ length: 20 }, (_, i) => i))('never let one run into another (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const lanes = new DanmakuLanes();
    const flights: Flight[] = [];
    let now = 0;
    for (let i = 0; i < 200; i++) {
      now += random() * 400;
      const width = 20 + random() * 900;
      const lane = lanes.take(width, now, crossing);
      if (lane !== null) flights.push({ lane, start: now, width });
    }
    expect(flights.length).toBeGreaterThan(20);
    for (const [i, a] of flights.entries())
      for (const b of flights.slice(i + 1)) if (a.lane === b.lane) expect(overlap(a, b)).toBe(false);
  });

  it('are taken from the top, and left out when all are full', () => {
    const lanes = new DanmakuLanes();
    expect([1, 2, 3, 4].map(() => lanes.take(100, 0, crossing))).toEqual([0, 1, 2, null]);
    expect(lanes.take(100, 2000, crossing)).toBe(0);
  });

  it('are as many as the stage is high', () => {
    const lanes = new DanmakuLanes();
    expect(lanes.take(100, 0, { ...crossing, lanes: 1 })).toBe(0);
    expect(lanes.take(100, 0, { ...crossing, lanes: 1 })).toBeNull();
    expect(lanes.take(100, 0, { ...crossing, lanes: 2 })).toBe(1);
  });

  it('leave out those that something else has, but for the first where there is no other', () => {
    const lanes = new DanmakuLanes();
    const beside = { ...crossing, taken: (lane: number) => lane < 2 };
    expect([1, 2].map(() => lanes.take(100, 0, beside))).toEqual([2, null]);
    expect(lanes.take(100, 0, { ...crossing, taken: () => true })).toBe(0);
  });

  it('may let one run over another that is slower, where many are wanted, but never as it enters', () => {
    const [strict, loose] = [new DanmakuLanes(), new DanmakuLanes()];
    const one = { ...crossing, lanes: 1 };
    for (const lanes of [strict, loose]) expect(lanes.take(50, 0, one)).toBe(0);
    expect(strict.take(300, 1300, one)).toBeNull();
    expect(loose.take(300, 400, { ...one, overlap: 0.1 })).toBeNull();
    expect(loose.take(300, 1300, { ...one, overlap: 0.1 })).toBe(0);
  });

  it('hold what stands still for all of its time', () => {
    const lanes = new DanmakuLanes();
    const still = { ...crossing, lanes: 1, still: true };
    expect(lanes.take(10, 0, still)).toBe(0);
    expect(lanes.take(10, 7999, still)).toBeNull();
    expect(lanes.take(10, 8000, still)).toBe(0);
  });
});
