import { computed, ref, watchEffect } from 'vue';
import { readSetting, writeSetting } from '../platform/settings';

const setting = 'motion';
const device = matchMedia('(prefers-reduced-motion: reduce)');
const deviceWants = ref(device.matches);
const chosen = ref(readSetting(setting));

/** Whether things shall stand still that move for show: as somebody chose here, else as the device says. */
export const lessMotion = computed(() => chosen.value === 'less' || (chosen.value !== 'full' && deviceWants.value));

/** Who chooses what the device says follows the device again. */
export function chooseLessMotion(less: boolean): void {
  const own = less === deviceWants.value ? null : less ? 'less' : 'full';
  chosen.value = own;
  writeSetting(setting, own);
}

/** Tells the styles, and follows the device. Called once. */
export function startMotion(): void {
  device.addEventListener('change', () => {
    deviceWants.value = device.matches;
  });
  watchEffect(() => {
    document.documentElement.dataset.motion = lessMotion.value ? 'less' : 'full';
  });
}
