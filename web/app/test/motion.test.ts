import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';

/** A device that wants less motion, or does not, and may change its mind. */
async function load(wants: boolean) {
  const device = Object.assign(new EventTarget(), { matches: wants });
  vi.stubGlobal('matchMedia', () => device);
  vi.resetModules();
  const motion = await import('../src/state/motion');
  motion.startMotion();
  const turn = async (now: boolean) => {
    device.matches = now;
    device.dispatchEvent(new Event('change'));
    await nextTick();
  };
  return { ...motion, turn };
}

const told = () => document.documentElement.dataset.motion;

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

describe('motion', () => {
  it('is as the device wants it, now and later', async () => {
    const { lessMotion, turn } = await load(true);
    expect([lessMotion.value, told()]).toEqual([true, 'less']);
    await turn(false);
    expect([lessMotion.value, told()]).toEqual([false, 'full']);
  });

  it.each([
    [false, true, 'less'],
    [true, false, 'full'],
  ] as const)('is as somebody chose, whatever the device wants (%s), and is remembered', async (wants, less, word) => {
    const { chooseLessMotion } = await load(wants);
    chooseLessMotion(less);
    await nextTick();
    expect(told()).toBe(word);
    const { lessMotion } = await load(wants);
    expect(lessMotion.value).toBe(less);
  });

  it('follows the device again for who chooses what it says', async () => {
    const { lessMotion, chooseLessMotion, turn } = await load(false);
    chooseLessMotion(true);
    chooseLessMotion(false);
    await turn(true);
    expect([lessMotion.value, localStorage.length]).toEqual([true, 0]);
  });
});
