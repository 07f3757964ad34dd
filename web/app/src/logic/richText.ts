/** A piece of what somebody wrote. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'mention'; readonly text: string; readonly me: boolean };

/** Addresses of the web that are written out, up to what no address holds: spaces, quotes, brackets, wide punctuation, and what turns the direction of writing. */
const address = String.raw`https?:\/\/[^\s<>"'“”‘’「」『』【】（），。！？；：、\u200e\u200f\u202a-\u202e\u2066-\u2069]+`;
/** A name after an @ that does not stand in a word, as in a mail's address. */
const mention = String.raw`(?<![\p{L}\p{N}_.])@[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.-]{0,31}`;
const pieces = new RegExp(`${address}|${mention}`, 'giu');
/** What mostly belongs to the sentence, and not to the address or name at its end. */
const trailing = /[.,!?;:)\]}*~-]+$/u;

/** What was written, with its links and the names that are called. `me` is the reader's own name, where there is one. */
export function partsOf(content: string, me: string | null): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of content.matchAll(pieces)) {
    const piece = match[0].replace(trailing, (rest) => (closes(match[0], rest) ? (rest[0] ?? '') : ''));
    const part = piece.startsWith('@') ? mentionOf(piece, me) : linkOf(piece);
    if (!part) continue;
    if (match.index > end) parts.push({ kind: 'text', text: content.slice(end, match.index) });
    parts.push(part);
    end = match.index + piece.length;
  }
  if (end < content.length) parts.push({ kind: 'text', text: content.slice(end) });
  return parts;
}

/** Whether it calls that name. */
export function calls(content: string, name: string | null): boolean {
  return partsOf(content, name).some((part) => part.kind === 'mention' && part.me);
}

/** A bracket that was opened within the address, as in those of an encyclopedia. */
function closes(piece: string, rest: string): boolean {
  return rest.startsWith(')') && piece.slice(0, piece.length - rest.length).includes('(');
}

function mentionOf(text: string, me: string | null): Part | null {
  const name = text.slice(1);
  return name === '' ? null : { kind: 'mention', text, me: name.toLowerCase() === me?.toLowerCase() };
}

/** Null for what is no address, or one with a user's name in it, which is there to look like another. */
function linkOf(text: string): Part | null {
  if (!URL.canParse(text)) return null;
  const { href, username, password } = new URL(text);
  return username || password ? null : { kind: 'link', text, href };
}
