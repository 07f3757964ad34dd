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
const maxFound = 60;
const maxRecent = 27;

/** Those of a group, in Unicode's order. */
export function emojiOf(all: readonly Emoji[], group: number): readonly Emoji[] {
  return all.filter((emoji) => emoji.group === group);
}

/** Those in whose name or tags each word begins one, the best known first. */
export function findEmoji(all: readonly Emoji[], query: string): readonly Emoji[] {
  const words = query.trim().toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return [];
  const fits = ({ label, tags, group }: Emoji) => {
    const said = [label, ...(tags ?? [])].map((text) => text.toLowerCase());
    return group !== undefined && group !== 2 && words.every((word) => said.some((text) => text.includes(word)));
  };
  return all.filter(fits).slice(0, maxFound);
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
