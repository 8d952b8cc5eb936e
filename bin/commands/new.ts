import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { packageRoot } from '../../core/package-root.ts';
import { fail } from '../fail.ts';

/** What can be begun, each with what it is. */
const KINDS = ['wheel', 'filter', 'component', 'plugin'] as const;
type Kind = (typeof KINDS)[number];

const LANGUAGES = ['ts', 'js'] as const;
type Language = (typeof LANGUAGES)[number];

interface NewOptions {
  directory: string;
  language?: Language;
}

/** The files of a kind, as they stand in `templates/`: all are called skeleton. */
const FILES = ['skeleton', 'skeleton.test'];
const TEMPLATES = new URL('templates/', packageRoot());

/** `poe new KIND NAME`: writes what a new part begins with, and its test. */
export function addNewCommand(program: Command): void {
  const command = program
    .command('new')
    .description('writes a wheel, filter, component or plugin that works, with a test that passes');
  for (const kind of KINDS) {
    command
      .command(`${kind} <name>`)
      .description(`writes a ${kind} and its test`)
      .option('-d, --directory <directory>', 'where to', '.')
      .addOption(
        new Option(
          '-l, --language <language>',
          'TypeScript or JavaScript (default: TypeScript where there is a tsconfig.json)',
        ).choices(LANGUAGES),
      )
      .addHelpText('after', `\nExample:\n  $ poe new ${kind} clock-tick --directory src`)
      .action((name: string, options: NewOptions) => write(kind, name, options));
  }
}

function write(kind: Kind, name: string, { directory, language }: NewOptions): void {
  const words = wordsOf(name);
  const folder = resolve(directory);
  const tsconfig = [join(folder, 'tsconfig.json'), 'tsconfig.json'].find((path) => existsSync(path));
  const ending = language ?? (tsconfig === undefined ? 'js' : 'ts');
  const imported = tsconfig === undefined || namesSources(tsconfig) ? ending : 'js';
  const files = FILES.map((file) => ({
    path: join(folder, `${file.replace('skeleton', words.join('-'))}.${ending}`),
    text: renamed(readFileSync(new URL(`${kind}/${file}.${ending}`, TEMPLATES), 'utf8'), words, imported),
  }));
  const there = files.find(({ path }) => existsSync(path));
  if (there !== undefined) fail(`${relative('.', there.path)} is there already: nothing was written`);
  mkdirSync(folder, { recursive: true });
  for (const { path, text } of files) {
    writeFileSync(path, text, { flag: 'wx' });
    console.log(`wrote ${relative('.', path)}`);
  }
  // Node 20 takes no types away, and no Node finds a source by the name of what it will be compiled to.
  const { typescript: stripsTypes } = process.features as { typescript?: unknown };
  const runsAsItIs = ending === 'js' || (imported === 'ts' && stripsTypes);
  console.log(`\n  ${runsAsItIs ? 'node --test' : 'npx poe run'} ${relative('.', files.at(-1)?.path ?? '')}`);
}

/** Whether TypeScript is set to import a source by its own name, as in `./clock.ts`; otherwise it wants `./clock.js`. */
function namesSources(tsconfig: string): boolean {
  return /"(allowImportingTsExtensions|rewriteRelativeImportExtensions)"\s*:\s*true/.test(
    readFileSync(tsconfig, 'utf8'),
  );
}

/** `clock-tick`, `ClockTick` and `clock_tick` are all two words. */
function wordsOf(name: string): string[] {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[-_.]/);
  if (!/^[a-z][a-z0-9]*$/.test(words[0] ?? '') || !words.every((word) => /^[a-z0-9]+$/.test(word))) {
    fail(`'${name}' is no name for a file and a class: give words of letters and digits, as in clock-tick`);
  }
  return words;
}

/** The template with its own name in place of the skeleton's. */
function renamed(text: string, words: readonly string[], imported: Language): string {
  const pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1);
  return text
    .replace(/'\.\/skeleton\.[jt]s'/g, `'./${words.join('-')}.${imported}'`)
    .replaceAll('Skeleton', pascal)
    .replaceAll('skeleton', camel)
    .replace(/^ *\/\/ biome-ignore .*\n/gm, '');
}
