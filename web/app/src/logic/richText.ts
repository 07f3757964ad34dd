/** A piece of what somebody wrote. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'mention'; readonly text: string; readonly me: boolean };

/** Addresses of the web that are written out, up to what no address holds: spaces, quotes, brackets, wide punctuation, and what turns the direction of writing. */
const address = String.raw`https?:\/\/[^\s<>"'“”‘’「」『』【】（），。！？；：、\u200e\u200f\u202a-\u202e\u2066-\u2069]+`;
/** Before an @ that calls somebody there is no word of Latin letters, as there is in a mail's address. */
const noMail = String.raw`(?<![\p{Script=Latin}\p{N}_.+-])`;
const anyName = String.raw`@[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.-]{0,31}`;
/** In scripts that set no spaces a name goes on into the sentence. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]$/u;
const addresses = new RegExp(address, 'giu');
const usual = new RegExp(`^${anyName}$`, 'u');
/** What mostly belongs to the sentence, and not to the address or name at its end. */
const trailing = new Set('.,!?;:)]}*~-');

let patternFor: { readonly me: string | null; readonly others: readonly string[]; readonly pattern: RegExp } | null =
  null;

/**
 * What was written, with its links and the names that are called. `me` is the reader's own name, where there is one; `others`
 * are names that have something in them which no name of letters has, such as a space.
 */
export function partsOf(content: string, me: string | null, others: readonly string[] = []): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of content.matchAll(content.includes('@') ? patternOf(me, others) : addresses)) {
    const isName = match[0].startsWith('@');
    const part = isName ? mentionOf(match[0], me, others) : linkOf(withoutTrailing(match[0]));
    if (!part) continue;
    if (match.index > end) parts.push({ kind: 'text', text: content.slice(end, match.index) });
    parts.push(part);
    end = match.index + part.text.length;
  }
  if (end < content.length) parts.push({ kind: 'text', text: content.slice(end) });
  return parts;
}

/** Whether a name is called by more than the letters, digits and signs that any name may have. */
export function isUnusual(name: string): boolean {
  return !usual.test(`@${name}`);
}

/** Known names first, the longest before those that it begins with; others as far as letters and digits go. */
function patternOf(me: string | null, others: readonly string[]): RegExp {
  if (patternFor?.me !== me || patternFor.others !== others) {
    const known = [...(me ? [me] : []), ...others].sort((a, b) => b.length - a.length).map(nameOf);
    patternFor = { me, others, pattern: new RegExp([address, ...known, noMail + anyName].join('|'), 'giu') };
  }
  return patternFor.pattern;
}

/** A name that may have anything in it. */
function nameOf(name: string): string {
  return `${noMail}@${escaped(name)}${unspaced.test(name) ? '' : String.raw`(?![\p{L}\p{N}_])`}`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/gu, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
}

function withoutTrailing(piece: string): string {
  let [end, open] = [piece.length, 0];
  for (const sign of piece) open += sign === '(' ? 1 : sign === ')' ? -1 : 0;
  for (; end > 0 && trailing.has(piece[end - 1] ?? ''); end--) {
    if (piece[end - 1] !== ')') continue;
    // One that was opened within the address, as in those of an encyclopedia.
    if (open >= 0) break;
    open++;
  }
  return piece.slice(0, end);
}

function mentionOf(piece: string, me: string | null, others: readonly string[]): Part | null {
  const name = piece.slice(1).toLowerCase();
  if (name === me?.toLowerCase()) return { kind: 'mention', text: piece, me: true };
  if (others.some((other) => other.toLowerCase() === name)) return { kind: 'mention', text: piece, me: false };
  const text = withoutTrailing(piece);
  return text === '@' ? null : { kind: 'mention', text, me: false };
}

/** Null for what is no address, or one with a user's name in it, which is there to look like another. */
function linkOf(text: string): Part | null {
  if (!URL.canParse(text)) return null;
  const { href, username, password } = new URL(text);
  return username || password ? null : { kind: 'link', text, href };
}
