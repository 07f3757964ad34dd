import { countCharacters } from '@sailfish/sdk';

/** What is wrong with a name, as far as it can be told without the server. */
export type NameProblem = 'short' | 'long' | 'characters';

export const minAccountName = 2;
export const maxName = 32;
/** The server looks closer at marks and joiners: what passes here may still be refused there. */
const accountName = /^(?:[\p{L}\p{M}\p{Nd}_.-]|\u200c|\u200d)+$/u;
/** Controls, line breaks, and what nobody sees. Joiners and the tags of flags may mean something. */
const unseen =
  /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|(?!\u200c|\u200d|[\u{e0020}-\u{e007f}])\p{Cf}/u;

/** What somebody signs up with. */
export function accountNameProblem(name: string): NameProblem | null {
  const count = countCharacters(name.normalize('NFC'));
  if (name !== '' && !accountName.test(name)) return 'characters';
  if (count < minAccountName) return 'short';
  return count > maxName ? 'long' : null;
}

/** What somebody is called. */
export function nickNameProblem(name: string): NameProblem | null {
  const shown = name.trim();
  if (shown === '') return 'short';
  if (unseen.test(shown)) return 'characters';
  return countCharacters(shown.normalize('NFC')) > maxName ? 'long' : null;
}
