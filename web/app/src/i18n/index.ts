import { ref, watchEffect } from 'vue';
import { isolated } from '../logic/bidi';
import { readSetting, writeSetting } from '../platform/settings';
import { en, type Key } from './en';
import { zh } from './zh';

export type { Key } from './en';
export type Locale = 'en' | 'zh';

export const dictionaries: Record<Locale, Record<Key, string>> = { en, zh };

/** The language chosen before, or the first of the browser's that the page has. */
export function preferredLocale(chosen: string | null, languages: readonly string[]): Locale {
  if (chosen === 'en' || chosen === 'zh') return chosen;
  for (const language of languages) {
    if (language.toLowerCase().startsWith('zh')) return 'zh';
    if (language.toLowerCase().startsWith('en')) return 'en';
  }
  return 'en';
}

export const locale = ref<Locale>(preferredLocale(readSetting('language'), navigator.languages));

/**
 * Text of the page in the language of now; `{name}` is replaced by the parameter of that name, which somebody may have
 * written. A text in two forms, with `|` between them, is for one and for all other numbers `{n}`.
 */
export function t(key: Key, parameters: Readonly<Record<string, string | number>> = {}): string {
  const [one = '', others = one] = dictionaries[locale.value][key].split('|');
  return (Number(parameters.n) === 1 ? one : others).replace(/\{(\w+)\}/g, (whole, name: string) =>
    isolated(`${parameters[name] ?? whole}`),
  );
}

export function switchLocale(): void {
  locale.value = locale.value === 'en' ? 'zh' : 'en';
  writeSetting('language', locale.value);
}

watchEffect(() => {
  document.documentElement.lang = locale.value === 'zh' ? 'zh-CN' : 'en';
});
