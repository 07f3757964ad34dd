import { type ComputedRef, computed, shallowRef } from 'vue';
import { collapseBlankLines } from '../logic/blankLines';
import { isUnusual, type Part, partsOf } from '../logic/richText';
import { user } from './session';

/** Of those that were met last: with more there would be no end to looking. */
const mostNames = 100;
const met = shallowRef<readonly string[]>([]);

/** Somebody is called so: where it is called by more than letters, that is known from now on. */
export function noteName(name: string): void {
  if (isUnusual(name) && !met.value.includes(name)) met.value = [name, ...met.value].slice(0, mostNames);
}

/** What was written, in its parts, for the reader. Where nobody can be called in it, it depends on no name. */
export function useRichText(content: () => string): ComputedRef<readonly Part[]> {
  return computed(() => {
    const text = collapseBlankLines(content());
    return text.includes('@') ? partsOf(text, user.value?.nickName ?? null, met.value) : partsOf(text, null);
  });
}
