import { describe, expect, it } from 'vitest';
import { isUnusual, partsOf } from '../src/logic/richText';
import { randomFrom } from './random';

const links = (content: string) => partsOf(content, null).filter((part) => part.kind === 'link');
const hrefs = (content: string) => links(content).map((part) => part.kind === 'link' && part.href);

describe('what is written', () => {
  it('is whole, whatever it is', () => {
    const random = randomFrom(7);
    const pieces = [
      'http://',
      'https://a.example/',
      '@',
      '@Bo',
      ' ',
      '(',
      ').',
      '。',
      'é',
      '👩‍👩‍👧',
      '\u202e',
      'x',
      '/',
    ];
    for (let n = 0; n < 500; n++) {
      const content = Array.from({ length: 12 }, () => pieces[Math.floor(random() * pieces.length)]).join('');
      expect(
        partsOf(content, 'Bo')
          .map((part) => part.text)
          .join(''),
      ).toBe(content);
    }
  });

  it.each([
    ['see https://example.com/a?b=c#d now', ['https://example.com/a?b=c#d']],
    ['(https://example.com/).', ['https://example.com/']],
    ['https://en.example.org/wiki/Fish_(food).', ['https://en.example.org/wiki/Fish_(food)']],
    ['看这里https://example.com/鱼。好', ['https://example.com/%E9%B1%BC']],
    ['HTTP://EXAMPLE.COM, and http://b.example!', ['http://example.com/', 'http://b.example/']],
  ])('has links: %s', (content, expected) => expect(hrefs(content)).toEqual(expected));

  it.each([
    'javascript:alert(1)',
    'data:text/html,<b>',
    'ftp://example.com/',
    'https://bank.example@evil.example/',
    'https://user:word@evil.example/',
    'https://',
    'example.com',
    'xhttp:/example.com',
  ])('has no link: %s', (content) => expect(links(content)).toEqual([]));

  it('ends a link where the direction of writing is turned', () => {
    expect(hrefs('https://example.com/\u202egnp.exe')).toEqual(['https://example.com/']);
  });

  it('calls names, and one of them may be the reader', () => {
    expect(partsOf('hi @Bo, and @Ann', 'ann')).toEqual([
      { kind: 'text', text: 'hi ' },
      { kind: 'mention', text: '@Bo', me: false },
      { kind: 'text', text: ', and ' },
      { kind: 'mention', text: '@Ann', me: true },
    ]);
  });

  it.each([
    ['hi @Ann Lee!', 'Ann Lee', true],
    ['你好@小雨你好', '小雨', true],
    ['@Bo. said', 'Bo.', true],
    ['@小雨✨ 好', '小雨✨', true],
    ['@a+b (c)', 'a+b (c)', true],
    ['mail bo@ann.example', 'ann.example', false],
    ['@Annette', 'Ann', false],
    ['@Ann', null, false],
  ])('%s calls %s: %s', (content, me, expected) => {
    expect(partsOf(content, me).some((part) => part.kind === 'mention' && part.me)).toBe(expected);
    expect(
      partsOf(content, me)
        .map((part) => part.text)
        .join(''),
    ).toBe(content);
  });

  it('calls names that have a space in them, where they are known, the longest first', () => {
    const called = (content: string, me: string | null, others: readonly string[]) =>
      partsOf(content, me, others).flatMap((part) => (part.kind === 'mention' ? [part.text, part.me] : []));
    expect(called('@Luna 月光 on fire', null, ['Luna 月光'])).toEqual(['@Luna 月光', false]);
    expect(called('@Luna 月光 on fire', 'Luna', ['Luna 月光'])).toEqual(['@Luna 月光', false]);
    expect(called('@Luna on fire', 'Luna', ['Luna 月光'])).toEqual(['@Luna', true]);
    expect(called('@bob THE builder, @Dr. K!', null, ['Bob', 'Bob the builder', 'Dr. K'])).toEqual([
      '@bob THE builder',
      false,
      '@Dr. K',
      false,
    ]);
    expect(called('@Bob the builders', null, ['Bob the builder'])).toEqual(['@Bob', false]);
    expect(['Bob', 'Bob the builder', 'Dr. K', '小雨✨', 'chef.wu'].map(isUnusual)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('takes no longer for what is made to take long', () => {
    const long = [
      `http://a${'.'.repeat(3900)}x`,
      `http://a${')'.repeat(3900)}x`,
      '@a.'.repeat(1300),
      'http://('.repeat(480),
    ];
    const started = performance.now();
    for (let n = 0; n < 20; n++) for (const content of long) partsOf(content, 'Bo');
    // A hundred times as long as it takes; squares of the length took minutes.
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
