import { computed, ref, shallowRef } from 'vue';
import { type DanmakuLook, danmakuLookOf } from '../logic/danmakuLook';
import { readSetting, writeSetting } from '../platform/settings';
import { lessMotion } from './motion';

const onSetting = 'danmaku';
const lookSetting = 'danmaku.look';
const chosen = ref(readSetting(onSetting));

/** Whether messages cross the stage. Who wants less motion has none until they are asked for. */
export const danmakuOn = computed(() => (chosen.value ?? (lessMotion.value ? 'off' : 'on')) === 'on');

export const danmakuLook = shallowRef<DanmakuLook>(danmakuLookOf(readSetting(lookSetting)));

export function toggleDanmaku(): void {
  chosen.value = danmakuOn.value ? 'off' : 'on';
  writeSetting(onSetting, chosen.value);
}

export function changeDanmaku(change: Partial<DanmakuLook>): void {
  danmakuLook.value = { ...danmakuLook.value, ...change };
  writeSetting(lookSetting, JSON.stringify(danmakuLook.value));
}
