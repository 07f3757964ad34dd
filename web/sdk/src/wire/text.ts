/** Half of a surrogate pair; the two halves together are one character of another kind. */
const halfPair = /\p{Surrogate}/u;

/** Throws unless the text can be sent as it is: the server stores neither U+0000 nor half of a surrogate pair. */
export function checkText(text: string, name: string): void {
  if (typeof text !== 'string') throw new TypeError(`${name} is a string.`);
  if (text.includes('\0') || halfPair.test(text))
    throw new RangeError(`${name} has a U+0000 or half of a surrogate pair.`);
}

/** How many characters a text has, as the server counts them: an emoji of one code point is one, not two. */
export function countCharacters(text: string): number {
  return Array.from(text).length;
}
