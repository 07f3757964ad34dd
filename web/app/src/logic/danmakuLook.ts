import { membersOf } from './json';

export const danmakuSizes = ['small', 'medium', 'large'] as const;
export const danmakuAreas = ['quarter', 'half', 'whole'] as const;
export const danmakuDensities = ['few', 'normal', 'all'] as const;

export type DanmakuSize = (typeof danmakuSizes)[number];
export type DanmakuArea = (typeof danmakuAreas)[number];
export type DanmakuDensity = (typeof danmakuDensities)[number];

/** How messages cross the stage, as a viewer chose. */
export interface DanmakuLook {
  /** In percent. */
  readonly opacity: number;
  readonly size: DanmakuSize;
  /** How much of the stage they have, from its top. */
  readonly area: DanmakuArea;
  readonly density: DanmakuDensity;
  /** What has one of these in it does not cross. */
  readonly blocked: readonly string[];
}

export const leastOpacity = 20;
export const maxBlocked = 50;
export const maxBlockedLength = 30;

export const defaultLook: DanmakuLook = { opacity: 100, size: 'medium', area: 'half', density: 'normal', blocked: [] };

/** In pixels: the letters, and a lane of them. */
export const danmakuHeights: Record<DanmakuSize, { readonly letter: number; readonly lane: number }> = {
  small: { letter: 15, lane: 28 },
  medium: { letter: 18, lane: 34 },
  large: { letter: 24, lane: 42 },
};

/** The least distance between two in a lane, how many cross at most, and for how long one may run over another. */
export const danmakuCrowds: Record<
  DanmakuDensity,
  { readonly gap: number; readonly most: number; readonly overlap: number }
> = {
  few: { gap: 200, most: 12, overlap: 0 },
  normal: { gap: 32, most: 80, overlap: 0 },
  all: { gap: 12, most: 200, overlap: 0.1 },
};

const shares: Record<DanmakuArea, number> = { quarter: 0.25, half: 0.5, whole: 1 };

/** How many lanes there are in so many pixels: one at least. */
export function laneCount(height: number, { size, area }: Pick<DanmakuLook, 'size' | 'area'>): number {
  return Math.max(1, Math.floor((height * shares[area]) / danmakuHeights[size].lane));
}

/** What was kept, as far as it makes sense. */
export function danmakuLookOf(kept: string | null): DanmakuLook {
  const found = membersOf(kept);
  const { opacity, blocked } = found;
  return {
    opacity: isOpacity(opacity) ? opacity : defaultLook.opacity,
    size: oneOf(danmakuSizes, found.size) ?? defaultLook.size,
    area: oneOf(danmakuAreas, found.area) ?? defaultLook.area,
    density: oneOf(danmakuDensities, found.density) ?? defaultLook.density,
    blocked: (Array.isArray(blocked) ? blocked : []).filter((word) => typeof word === 'string').slice(0, maxBlocked),
  };
}

/** The words with one more; as they were where it is empty, is there already, or there are too many. */
export function withBlocked(words: readonly string[], word: string): readonly string[] {
  const added = [...word.trim()].slice(0, maxBlockedLength).join('');
  const isKnown = words.some((other) => folded(other) === folded(added));
  return added === '' || isKnown || words.length >= maxBlocked ? words : [...words, added];
}

/** Whether one of the words occurs, whatever its case and width. */
export function isBlocked(content: string, words: readonly string[]): boolean {
  const said = folded(content);
  return words.some((word) => said.includes(folded(word)));
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function isOpacity(value: unknown): value is number {
  return typeof value === 'number' && value >= leastOpacity && value <= 100;
}

function oneOf<T extends string>(choices: readonly T[], value: unknown): T | undefined {
  return choices.find((choice) => choice === value);
}
