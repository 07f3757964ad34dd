import { ref, watchEffect } from 'vue';
import { readSetting, writeSetting } from '../platform/settings';

const modes = ['auto', 'light', 'dark'] as const;
export type ThemeMode = (typeof modes)[number];

const saved = readSetting('theme');

export const theme = ref<ThemeMode>(modes.find((mode) => mode === saved) ?? 'auto');

/** The mode after this one: as the device, light, dark, and around. */
export function nextTheme(): void {
  theme.value = modes[(modes.indexOf(theme.value) + 1) % modes.length] ?? 'auto';
  writeSetting('theme', theme.value === 'auto' ? null : theme.value);
}

watchEffect(() => {
  if (theme.value === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
});
