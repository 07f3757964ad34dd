import { readFileSync } from 'node:fs';
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

/** What only who hears the page is to notice is placed absolutely: outside of what scrolls the document would grow with it. */
it('places what is hidden within what scrolls', () => {
  // Placed by whoever shows them.
  const elsewhere = /DanmakuSettings|AnnouncementNote/;
  const loose = sources(/\.(vue|css)$/, elsewhere).flatMap(({ name, text }) =>
    [...text.matchAll(/\n([^{}\n]+) \{([^{}]*overflow(?:-y)?: auto[^{}]*)\}/g)]
      .filter(([, , rule = '']) => !rule.includes('position: '))
      .map(([, selector]) => `${name}: ${selector}`),
  );
  expect(loose).toEqual([]);
});

/** It is there before the page's own styles are, and may not look otherwise. */
it('has the same values in what stands there first', () => {
  const [first, tokens] = ['../public/splash.css', '../src/styles/tokens.css'].map((file) =>
    readFileSync(new URL(file, import.meta.url), 'utf8').match(/^ +--[\w-]+: [^;]+;/gm),
  );
  expect(first?.length).toBeGreaterThan(15);
  expect(tokens).toEqual(expect.arrayContaining(first ?? []));
});
