import { describe, expect, it } from 'vitest';
import { countCharacters } from '../src/wire/text.js';

describe('characters', () => {
  it('are counted as code points', () => {
    for (const [text, count] of [
      ['', 0],
      ['abc', 3],
      ['😀', 1],
      ['𠮷田', 2],
      ['e\u0301', 2],
      ['👨\u200D👩', 3],
    ] as const)
      expect(countCharacters(text)).toBe(count);
  });
});
