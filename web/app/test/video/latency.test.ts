import { describe, expect, it } from 'vitest';
import { LatencyControl } from '../../src/video/latency';

/** A control that has settled. */
function settled(): LatencyControl {
  const control = new LatencyControl();
  control.look({ at: 0, edge: 0.4 }, 0);
  return control;
}

describe('the distance to the live edge', () => {
  it('begins near the edge, however much came as one heap', () => {
    const control = new LatencyControl();
    expect(control.look({ at: 0, edge: 1.9 }, 0)).toEqual({ jumpTo: 1.5, rate: 1 });
    // The rest of the heap.
    expect(control.look({ at: 1.5, edge: 4 }, 200)).toEqual({ jumpTo: 3.6, rate: 1 });
    expect(control.look({ at: 3.6, edge: 4.1 }, 400)).toEqual({ jumpTo: null, rate: 1 });
  });

  it('is made up by playing faster until the target is reached', () => {
    const control = settled();
    expect(control.look({ at: 10, edge: 11 }, 5000)).toEqual({ jumpTo: null, rate: 1.1 });
    expect(control.look({ at: 10.5, edge: 11 }, 5200)).toEqual({ jumpTo: null, rate: 1.1 });
    expect(control.look({ at: 10.75, edge: 11.1 }, 5400)).toEqual({ jumpTo: null, rate: 1 });
    // Not again at once: there is slack.
    expect(control.look({ at: 10.7, edge: 11.3 }, 5600)).toEqual({ jumpTo: null, rate: 1 });
  });

  it('is jumped over past three seconds', () => {
    const control = settled();
    expect(control.look({ at: 10, edge: 13 }, 5000).jumpTo).toBeNull();
    expect(control.look({ at: 10, edge: 13.1 }, 5200)).toEqual({ jumpTo: 12.7, rate: 1 });
  });

  it('grows with each stall, and comes nearer after a calm time', () => {
    const control = settled();
    control.stalled(5000);
    expect(control.targetS).toBeCloseTo(0.6);
    for (let n = 0; n < 20; n++) control.stalled(6000);
    expect(control.targetS).toBe(2);
    control.look({ at: 0, edge: 1 }, 35_999);
    expect(control.targetS).toBe(2);
    control.look({ at: 0, edge: 1 }, 36_000);
    expect(control.targetS).toBeCloseTo(1.8);
    for (let n = 2; n < 20; n++) control.look({ at: 0, edge: 1 }, 6000 + n * 30_000);
    expect(control.targetS).toBe(0.4);
  });

  it('does not grow while a stream opens', () => {
    const control = new LatencyControl();
    control.stalled(0);
    control.look({ at: 0, edge: 0.2 }, 100);
    control.stalled(1000);
    expect(control.targetS).toBe(0.4);
  });
});
