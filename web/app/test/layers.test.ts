import { dirname, join, normalize } from 'node:path/posix';
import { expect, it } from 'vitest';
import { sources } from './sources';

/** From the bottom to the top: a folder imports from those before it, and from itself. So there is no circle. */
const layers = ['logic', 'platform', 'api', 'i18n', 'video', 'state', 'components', 'pages', '.'];

const folderOf = (name: string) => (name.includes('/') ? (name.split('/')[0] ?? '.') : '.');

it('imports only from layers below', () => {
  const wrong = sources(/\.(vue|ts)$/).flatMap(({ name, text }) =>
    [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)]
      .map(([, path = '']) => normalize(join(dirname(name), path)))
      // A folder's index is named by the folder.
      .map((target) => folderOf(layers.includes(target) ? `${target}/index` : target))
      .filter((folder) => !(layers.indexOf(folder) >= 0 && layers.indexOf(folder) <= layers.indexOf(folderOf(name))))
      .map((folder) => `${name} imports from ${folder}`),
  );
  expect(wrong).toEqual([]);
});

it('has a layer for each folder', () => {
  const folders = new Set(sources(/\.(vue|ts)$/).map(({ name }) => folderOf(name)));
  expect([...folders].sort()).toEqual([...layers].sort());
});
