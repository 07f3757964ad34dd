/** Letters that are written from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko and their neighbours, and old scripts. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const isolate = '\u2068';
const endOfIsolate = '\u2069';

/** A text that somebody wrote, as it can stand among the page's words without turning their order around. */
export function isolated(text: string): string {
  return rightToLeft.test(text) ? isolate + text + endOfIsolate : text;
}
