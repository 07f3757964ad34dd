import { onScopeDispose, shallowRef } from 'vue';
import { onConnection } from './connection';
import { noteName } from './richText';
import { user } from './session';

/** So long after the last one it is said that somebody came. */
const shownMs = 8000;
/** Of more, nobody reads the number. */
const mostNames = 99;

/** Who came into a room lately, the last one first; each name once. Ends with the scope it is used in. */
export function useArrivals(roomId: number) {
  const names = shallowRef<readonly string[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;

  onConnection('roomState', ({ roomId: where, joined }) => {
    const others = joined.filter((name) => name !== user.value?.nickName);
    if (where !== roomId || others.length === 0) return;
    for (const name of others) noteName(name);
    names.value = [...new Set([...others.toReversed(), ...names.value])].slice(0, mostNames);
    clearTimeout(timer);
    timer = setTimeout(() => {
      names.value = [];
    }, shownMs);
  });
  onScopeDispose(() => clearTimeout(timer));
  return names;
}
