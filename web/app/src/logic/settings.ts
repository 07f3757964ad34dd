const prefix = 'sailfish.';

/** A setting of this browser; null where there is none or it may not be read. */
export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

/** Keeps a setting; void where the browser keeps nothing, or nothing more. Null takes it away. */
export function writeSetting(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(prefix + name);
    else localStorage.setItem(prefix + name, value);
  } catch {
    // Settings are a convenience.
  }
}

/** The storage key of a setting, as storage events name it. */
export function settingKey(name: string): string {
  return prefix + name;
}
