import { describe, expect, it } from 'vitest';
import {
  danmakuLookOf,
  defaultLook,
  isBlocked,
  laneCount,
  maxBlocked,
  maxBlockedLength,
  withBlocked,
} from '../src/logic/danmakuLook';

describe('how messages cross the stage', () => {
  it('is as it was kept, as far as that makes sense', () => {
    const kept = { opacity: 60, size: 'large', area: 'whole', density: 'few', blocked: ['spoiler'] };
    expect(danmakuLookOf(JSON.stringify(kept))).toEqual(kept);
    expect(danmakuLookOf(JSON.stringify({ ...kept, opacity: 5, size: 'huge', blocked: ['a', 7] }))).toEqual({
      ...kept,
      opacity: 100,
      size: 'medium',
      blocked: ['a'],
    });
  });

  it.each([null, '', 'no json', 'null', '[1]', '"x"'])('is as for everybody where %s was kept', (kept) => {
    expect(danmakuLookOf(kept)).toEqual(defaultLook);
  });

  it('has as many lanes as its area is high, and one at least', () => {
    expect(laneCount(340, { size: 'medium', area: 'whole' })).toBe(10);
    expect(laneCount(340, { size: 'medium', area: 'half' })).toBe(5);
    expect(laneCount(340, { size: 'large', area: 'half' })).toBe(4);
    expect(laneCount(-20, { size: 'small', area: 'quarter' })).toBe(1);
  });
});

describe('a blocked word', () => {
  it('is found whatever its case and width', () => {
    expect(isBlocked('The SPOILER is', ['spoiler'])).toBe(true);
    expect(isBlocked('ｓｐｏｉｌｅｒ', ['Spoiler'])).toBe(true);
    expect(isBlocked('剧透来了', ['剧透'])).toBe(true);
    expect(isBlocked('spoil', ['spoiler'])).toBe(false);
    expect(isBlocked('anything', [])).toBe(false);
  });

  it('is added once, trimmed, and only as long and as many as there may be', () => {
    expect(withBlocked(['a'], '  B ')).toEqual(['a', 'B']);
    expect(withBlocked(['Ab'], 'aB')).toEqual(['Ab']);
    expect(withBlocked([], '   ')).toEqual([]);
    expect([...(withBlocked([], '😀'.repeat(40))[0] ?? '')]).toHaveLength(maxBlockedLength);
    const many = Array.from({ length: maxBlocked }, (_, n) => `${n}`);
    expect(withBlocked(many, 'one more')).toBe(many);
  });
});
