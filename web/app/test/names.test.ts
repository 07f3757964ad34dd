import { describe, expect, it } from 'vitest';
import { accountNameProblem, nickNameProblem } from '../src/logic/names';

describe('a name to sign up with', () => {
  it.each([
    ['mia', null],
    ['旗鱼', null],
    ['Zoë.K-9_', null],
    ['दिव्या', null],
    ['m', 'short'],
    ['', 'short'],
    ['x y', 'characters'],
    ['mia!', 'characters'],
    ['🐟🐟', 'characters'],
    ['a'.repeat(32), null],
    ['a'.repeat(33), 'long'],
    // Counted as the server does: composed.
    ['e\u0301'.repeat(32), null],
  ])('%s: %s', (name, problem) => {
    expect(accountNameProblem(name)).toBe(problem);
  });
});

describe('a name to be called by', () => {
  it.each([
    ['Mia K. 🐟', null],
    ['👩‍🍳 Mia', null],
    ['🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', null],
    ['   ', 'short'],
    ['a\u202eb', 'characters'],
    ['\u3164', 'characters'],
    ['a\nb', 'characters'],
    ['x'.repeat(32), null],
    ['x'.repeat(33), 'long'],
  ])('%s: %s', (name, problem) => {
    expect(nickNameProblem(name)).toBe(problem);
  });
});
