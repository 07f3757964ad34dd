/** The text with one blank line at most between two others: many would push the rest of a chat away. */
export function collapseBlankLines(text: string): string {
  return text.replace(/\n(?:[^\S\n]*\n){2,}/g, '\n\n');
}
