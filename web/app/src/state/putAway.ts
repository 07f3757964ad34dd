import { ref } from 'vue';
import { parseJson } from '../logic/json';
import { readSetting, writeSetting } from '../platform/settings';

const setting = 'announcements';
/** Of the rooms that were looked at last. */
const kept = 20;

const texts = ref(read());

function read(): readonly string[] {
  const found = parseJson(readSetting(setting));
  return Array.isArray(found) ? found.filter((text) => typeof text === 'string') : [];
}

/** What has been read and put away in this browser: a room's announcement, as long as it says the same. */
export function usePutAway(roomId: number) {
  const nameOf = (text: string) => `${roomId} ${text}`;

  return {
    isPutAway: (text: string): boolean => texts.value.includes(nameOf(text)),
    putAway: (text: string): void => {
      texts.value = [nameOf(text), ...texts.value].slice(0, kept);
      writeSetting(setting, JSON.stringify(texts.value));
    },
  };
}
