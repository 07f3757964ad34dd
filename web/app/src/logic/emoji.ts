/** An emoji as emojibase has it, with its forms in colours of skin. */
export interface Emoji {
  readonly unicode: string;
  readonly label: string;
  readonly tags?: readonly string[];
  readonly group?: number;
  readonly skins?: readonly { readonly unicode: string }[];
}

/** The groups of Unicode by emojibase's numbers, each with one of its emoji; the parts that others are made of are none. */
export const emojiGroups = [
  { group: 0, sign: '😀' },
  { group: 1, sign: '👋' },
  { group: 3, sign: '🐟' },
  { group: 4, sign: '🍜' },
  { group: 5, sign: '⛵' },
  { group: 6, sign: '⚽' },
  { group: 7, sign: '💡' },
  { group: 8, sign: '✅' },
  { group: 9, sign: '🏁' },
] as const;

/** Without one, and from the lightest to the darkest (Unicode UTS #51, Emoji modifiers). */
export const skinTones = ['', '🏻', '🏼', '🏽', '🏾', '🏿'] as const;
const anyTone = /[\u{1f3fb}-\u{1f3ff}]/gu;
/** The group of what emoji are made of. */
const parts = 2;
const far = 5;
const maxFound = 60;
const maxRecent = 27;

/** Those of a group, in Unicode's order. */
export function emojiOf(all: readonly Emoji[], group: number): readonly Emoji[] {
  return all.filter((emoji) => emoji.group === group);
}

/** Those in whose name or tags each word is found: first where it is the name, or how it begins, then where a word of it does, then all else. */
export function findEmoji(all: readonly Emoji[], query: string): readonly Emoji[] {
  const words = query.trim().toLowerCase().split(/\s+/u).filter(Boolean);
  const found = all
    .filter(({ group }) => group !== undefined && group !== parts)
    .map((emoji) => ({ emoji, rank: Math.max(...words.map((word) => rankOf(emoji, word))) }))
    .filter(({ rank }) => rank >= 0 && rank < far);
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, maxFound)
    .map(({ emoji }) => emoji);
}

function rankOf({ label, tags }: Emoji, word: string): number {
  const name = label.toLowerCase();
  if (name === word) return 0;
  if (name.startsWith(word)) return 1;
  if (name.split(/[\s-]+/u).some((part) => part.startsWith(word))) return 2;
  if (tags?.some((tag) => tag.toLowerCase().startsWith(word))) return 3;
  return [name, ...(tags ?? [])].some((text) => text.toLowerCase().includes(word)) ? 4 : far;
}

/** The emoji in a colour of skin, where there is one that is the same for all in it. */
export function inTone(emoji: Emoji, tone: string): string {
  const fits = (unicode: string) => (unicode.match(anyTone) ?? []).every((each) => each === tone);
  return (tone && emoji.skins?.find(({ unicode }) => fits(unicode))?.unicode) || emoji.unicode;
}

/** What was taken last comes first, each once. */
export function withRecent(recent: readonly string[], taken: string): readonly string[] {
  return [taken, ...recent.filter((each) => each !== taken)].slice(0, maxRecent);
}
