const prefix = 'sailfish.';

/** A setting of this browser; null where there is none or it may not be read. */
export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

/** Keeps a setting; false where the browser keeps nothing, or nothing more. Null takes it away. */
export function writeSetting(name: string, value: string | null): boolean {
  try {
    if (value === null) localStorage.removeItem(prefix + name);
    else localStorage.setItem(prefix + name, value);
    return true;
  } catch {
    return false;
  }
}

/** Takes away all settings that begin so, but one. */
export function removeSettings(beginning: string, but: string | null): void {
  try {
    const keys = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? '');
    const isMeant = (key: string) => key.startsWith(prefix + beginning) && (but === null || key !== prefix + but);
    for (const key of keys.filter(isMeant)) localStorage.removeItem(key);
  } catch {
    // What may not be read was not kept.
  }
}

/** A setting of this tab alone, which ends with it; null where there is none or it may not be read. */
export function readTabSetting(name: string): string | null {
  try {
    return sessionStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

/** Keeps a setting of this tab, where the browser does so. Null takes it away. */
export function writeTabSetting(name: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(prefix + name);
    else sessionStorage.setItem(prefix + name, value);
  } catch {
    // It is there as long as the page is.
  }
}

/** Takes away all settings of this tab that begin so. */
export function removeTabSettings(beginning: string): void {
  try {
    const keys = Array.from({ length: sessionStorage.length }, (_, i) => sessionStorage.key(i) ?? '');
    for (const key of keys) if (key.startsWith(prefix + beginning)) sessionStorage.removeItem(key);
  } catch {
    // What may not be read was not kept.
  }
}

/** The storage key of a setting, as storage events name it. */
export function settingKey(name: string): string {
  return prefix + name;
}
