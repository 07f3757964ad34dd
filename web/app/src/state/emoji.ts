import { ref, shallowRef } from 'vue';
import type { Locale } from '../i18n';
import { type Emoji, skinTones, withRecent } from '../logic/emoji';
import { readSetting, writeSetting } from '../platform/settings';

const toneSetting = 'emoji.tone';
const recentSetting = 'emoji.recent';

/** The colour of skin that is chosen, one of those of Unicode, or none. */
export const skinTone = ref(skinTones.find((tone) => tone === readSetting(toneSetting)) ?? '');
/** What was taken last. */
export const recentEmoji = shallowRef<readonly string[]>((readSetting(recentSetting) ?? '').split(' ').filter(Boolean));

/** Names and tags in the reader's language; fetched when somebody looks for an emoji. */
export async function loadEmoji(locale: Locale): Promise<readonly Emoji[]> {
  const { default: all } =
    locale === 'zh' ? await import('emojibase-data/zh/compact.json') : await import('emojibase-data/en/compact.json');
  return all as readonly Emoji[];
}

export function chooseTone(tone: (typeof skinTones)[number]): void {
  skinTone.value = tone;
  writeSetting(toneSetting, tone || null);
}

export function noteEmoji(unicode: string): void {
  recentEmoji.value = withRecent(recentEmoji.value, unicode);
  writeSetting(recentSetting, recentEmoji.value.join(' '));
}
