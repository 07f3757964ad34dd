import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const sdk = new URL('../', import.meta.url);
const path = (file: string) => fileURLToPath(new URL(file, sdk));
const readme = readFileSync(path('README.md'), 'utf8');
const program = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1] ?? '';

/** What the compiler says to each text, which has the package by its name. One run, for that is what takes time. */
function complaintsAbout(...texts: string[]): string[][] {
  const config = ts.readConfigFile(path('tsconfig.json'), ts.sys.readFile);
  const options: ts.CompilerOptions = {
    ...ts.parseJsonConfigFileContent(config.config, ts.sys, path('.')).options,
    paths: { '@sailfish/sdk': [path('src/index.ts')] },
    // A reader does with the receipt what he likes.
    noUnusedLocals: false,
  };
  const files = new Map(texts.map((text, index) => [path(`test/readme${index}.ts`), text]));
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists.call(host, name);
  host.getSourceFile = (name, target, ...rest) => {
    const text = files.get(name);
    return text === undefined
      ? getSourceFile.call(host, name, target, ...rest)
      : ts.createSourceFile(name, text, target);
  };
  const compiled = ts.createProgram([...files.keys()], options, host);
  const sayings = (name: string) => ts.getPreEmitDiagnostics(compiled, compiled.getSourceFile(name));
  return [...files.keys()].map((name) =>
    sayings(name).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  );
}

it('has a program that compiles, as it stands and with a WebSocket handed in', () => {
  const handedIn = /`(import [^`]+)`/.exec(readme)?.[1];
  expect(handedIn).toBe("import { WebSocket } from 'ws'");
  const withSocket = `${handedIn};\n${program.replace('SailfishClient({', 'SailfishClient({ WebSocket,')}`;
  const wrong = program.replace('client.send(', 'client.sent(');
  const [asItStands, withOne, withFault] = complaintsAbout(program, withSocket, wrong);
  expect([asItStands, withOne]).toEqual([[], []]);
  expect(withFault).toHaveLength(1);
}, 60_000);
