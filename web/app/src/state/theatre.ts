import { ref } from 'vue';
import { readSetting, writeSetting } from '../platform/settings';

/** Whether the stage has a wide window to itself, without the chat. */
export const theatre = ref(readSetting('theatre') === 'on');

export function toggleTheatre(): void {
  theatre.value = !theatre.value;
  writeSetting('theatre', theatre.value ? 'on' : 'off');
}
