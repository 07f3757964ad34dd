import { afterEach, describe, expect, it } from 'vitest';
import { dictionaries, type Key, locale, preferredLocale, switchLocale, t } from '../src/i18n';
import { en } from '../src/i18n/en';
import { sources } from './sources';

const keys = Object.keys(en) as Key[];
/** Keys that the page puts together from a state. */
const composed = /^(account\.ended|room\.ownEnd|stream|theme|connection|emoji\.group|emoji\.tone)\./;

function parametersOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string))].sort();
}

afterEach(() => {
  locale.value = 'en';
});

describe('the words', () => {
  it('are there in every language, for every key', () => {
    for (const dictionary of Object.values(dictionaries)) {
      expect(Object.keys(dictionary).sort()).toEqual([...keys].sort());
      for (const key of keys) expect(dictionary[key].trim(), key).not.toBe('');
    }
  });

  it('have the same parameters in every language', () => {
    for (const key of keys) expect(parametersOf(dictionaries.zh[key]), key).toEqual(parametersOf(dictionaries.en[key]));
  });

  it('are all used', () => {
    const code = sources(/\.(vue|ts)$/, /i18n\/(en|zh)\.ts$/);
    const unused = keys.filter((key) => !composed.test(key) && !code.some(({ text }) => text.includes(`'${key}'`)));
    expect(unused).toEqual([]);
  });

  it('keep their order around what is written from right to left', () => {
    expect(t('room.mutedDone', { name: 'Mia' })).toBe('Mia is muted.');
    for (const name of ['\u05d3\u05e0\u05d4!', '\u0639\u0645\u0631 12', '\ufefb', '\u{1e900}'])
      expect(t('room.mutedDone', { name })).toBe(`\u2068${name}\u2069 is muted.`);
  });

  it('have a form for one and one for all other numbers, where the language has', () => {
    const likes = () => [0, 1, 2].map((n) => t('room.likes', { n }));
    expect(likes()).toEqual(['0 likes', '1 like', '2 likes']);
    switchLocale();
    expect(likes()).toEqual(['0 个赞', '1 个赞', '2 个赞']);
  });

  it('take parameters', () => {
    expect(t('home.viewers', { n: 3 })).toBe('3 watching');
    switchLocale();
    expect(t('home.viewers', { n: 3 })).toBe('3 人在看');
  });
});

describe('the language', () => {
  it('is the one chosen before, else the first of the browser that there is', () => {
    expect(preferredLocale('zh', ['en-US'])).toBe('zh');
    expect(preferredLocale(null, ['fr-FR', 'zh-TW', 'en'])).toBe('zh');
    expect(preferredLocale(null, ['de-DE', 'en-GB', 'zh'])).toBe('en');
    expect(preferredLocale('xx', ['fr'])).toBe('en');
  });

  it('is told to the document, and remembered', async () => {
    switchLocale();
    await Promise.resolve();
    expect(document.documentElement.lang).toBe('zh-CN');
    expect(localStorage.getItem('sailfish.language')).toBe('zh');
  });
});
