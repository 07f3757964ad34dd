import { type ComputedRef, computed } from 'vue';
import { collapseBlankLines } from '../logic/blankLines';
import { type Part, partsOf } from '../logic/richText';
import { user } from './session';

/** What was written, in its parts, for the reader. */
export function useRichText(content: () => string): ComputedRef<readonly Part[]> {
  return computed(() => partsOf(collapseBlankLines(content()), user.value?.nickName ?? null));
}
