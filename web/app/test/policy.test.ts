import { describe, expect, it } from 'vitest';
import { sources } from './sources';

/** What the page's content security policy would stop, and what would make user text HTML. */
describe('no source file', () => {
  it.each([
    ['makes HTML of text', /v-html|innerHTML|outerHTML|insertAdjacentHTML|document\.write/],
    ['has a style attribute written into HTML', /<[^>]*\sstyle="/],
    [
      'asks another site for something',
      /(?:src|href|url\(|import|from)\s*[=(]?\s*["']?(?:https?:)?\/\/(?!www\.w3\.org)/,
    ],
    ['evaluates text', /\beval\(|new Function\(/],
  ])('%s', (_, pattern) => {
    const found = sources(/\.(vue|ts|css|html)$/).filter(({ text }) => pattern.test(text));
    expect(found.map(({ name }) => name)).toEqual([]);
  });
});
