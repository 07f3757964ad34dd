import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../src/');

/** The page's source files whose names match, but for those that match the second. */
export function sources(names: RegExp, but?: RegExp): { name: string; text: string }[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => names.test(name) && !but?.test(name))
    .map((name) => ({ name, text: readFileSync(root + name, 'utf8') }));
}
