/** One or two letters that stand for a name. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s_.-]+/u)
    .filter(Boolean);
  const letters = words.slice(0, 2).map((word) => [...word][0] ?? '');
  const first = letters[0] ?? '?';
  // One of an alphabet without capitals fills the circle by itself.
  return /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u.test(first)
    ? first
    : letters.join('').toUpperCase() || '?';
}

/** A colour's hue of an id's own; neighbours differ much. */
export function hueOf(id: number): number {
  return Math.round((id * 137.508) % 360);
}

/** The picture of a user; the one that everybody begins with where none is known. The system, user 0, has none. */
export function pictureOf(id: number, picture: string | null | undefined): string | null {
  return picture || (id === 0 ? null : `/avatar/${id}.svg`);
}

/** Whether a picture is the one that the server draws for who has none. */
export function isDrawn(picture: string | null | undefined): boolean {
  return !picture || /\/avatar\/\d+\.svg$/.test(picture);
}

/** The hue that such a picture begins with, as the colours of styles have it. */
export function drawnHue(id: number): number {
  return ((id * 47) % 360) + 25;
}
