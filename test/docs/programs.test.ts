import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { readText, repositoryFiles, root } from '../helpers/repository.ts';

/** A piece of TypeScript in the documentation. */
interface Snippet {
  /** Where it stands: `README.md:12`. */
  place: string;
  /** What stands behind the opening fence: `ts`, `ts check`, or `ts check run` for a program that checks itself. */
  kind: string;
  text: string;
}

function blocksOf(path: string, text: string): Snippet[] {
  return [...text.matchAll(/^```(ts\b.*)\n([\s\S]*?)^```$/gm)].map(({ 1: kind = '', 2: code = '', index }) => ({
    place: `${path}:${text.slice(0, index).split('\n').length}`,
    kind,
    text: code,
  }));
}

/** Import lines in running text and tables. */
function importsOf(path: string, text: string): Snippet[] {
  return [...text.matchAll(/`(import \{[^`]+\} from '[^`]+';)`/g)].map(({ 1: code = '', index }) => ({
    place: `${path}:${text.slice(0, index).split('\n').length}`,
    kind: 'ts check',
    text: `${code}\n`,
  }));
}

function isChecked(kind: string): boolean {
  return kind === 'ts check' || kind === 'ts check run';
}

const pages = repositoryFiles().filter((path) => path.endsWith('.md') && !path.startsWith('test/'));
const blocks = pages.flatMap((path) => blocksOf(path, readText(path)));
const checked = [
  ...blocks.filter(({ kind }) => isChecked(kind)),
  ...pages.flatMap((path) => importsOf(path, readText(path))),
];

const settings = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
  ts.sys,
  root,
);
const doors = settings.options.paths ?? {};

/** The doors that a snippet imports from and that this version does not have. */
function missingDoors({ text }: Snippet): string[] {
  const wanted = [...text.matchAll(/from '(poe-kernel[^']*)'/g)].map(([, name = '']) => name);
  return wanted.filter((name) => !existsSync(join(root, doors[name]?.[0] ?? 'no such door')));
}

/** Type errors of each snippet, by its place; all are checked at once, against the sources behind the doors. */
function typeErrors(snippets: readonly Snippet[]): Map<string, string[]> {
  const paths = new Map(snippets.map((snippet, index) => [join(root, `snippet-${index}.mts`), snippet]));
  const options: ts.CompilerOptions = {
    ...settings.options,
    noEmit: true,
    incremental: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  delete options.tsBuildInfoFile;
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => paths.has(path) || fileExists(path);
  host.readFile = (path) => paths.get(path)?.text ?? readFile(path);
  host.getSourceFile = (path, how, ...rest) => {
    const snippet = paths.get(path);
    return snippet ? ts.createSourceFile(path, snippet.text, how) : getSourceFile(path, how, ...rest);
  };
  const program = ts.createProgram([...paths.keys()], options, host);
  const found = new Map<string, string[]>();
  for (const [path, { place }] of paths) {
    const source = program.getSourceFile(path);
    const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    found.set(
      place,
      diagnostics.map(({ messageText, start }) => {
        const line = source?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0;
        return `line ${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
      }),
    );
  }
  return found;
}

describe('programs in the documentation', () => {
  test('are there', () => {
    assert.ok(blocks.length > 0);
  });

  test('are marked "ts check" if they import something', () => {
    const forgotten = blocks.filter(({ kind, text }) => !isChecked(kind) && /^import /m.test(text));
    assert.deepEqual(
      forgotten.map(({ place }) => place),
      [],
    );
  });

  const errors = typeErrors(checked.filter((snippet) => missingDoors(snippet).length === 0));
  for (const snippet of checked) {
    const missing = missingDoors(snippet);
    const skip = missing.length > 0 && `this version has no ${missing.join(', ')}`;
    test(`${snippet.place} type-checks`, { skip }, () => {
      assert.deepEqual(errors.get(snippet.place), []);
    });
  }
});

describe('programs in the documentation that check themselves', () => {
  const folder = join(root, 'dist/test/docs/programs');
  for (const { place, text } of blocks.filter(({ kind }) => kind === 'ts check run')) {
    test(`${place} runs`, async () => {
      const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
      const program = join(folder, `${place.replace(/\W+/g, '-')}.mjs`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(program, ts.transpileModule(text, { compilerOptions }).outputText);
      await import(pathToFileURL(program).href);
    });
  }
});

describe('links in the documentation', () => {
  for (const page of pages) {
    test(`${page}: lead to files and headings that exist`, () => {
      const targets = [...readText(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
      const broken = targets.filter(([, path = '', heading]) => {
        const target = path === '' ? page : join(dirname(page), path);
        return !existsSync(join(root, target)) || (heading !== undefined && !headings(target).has(heading));
      });
      assert.deepEqual(
        broken.map(([link]) => link),
        [],
      );
    });
  }
});

/** The anchors of a page's headings, as GitHub makes them. */
function headings(page: string): Set<string> {
  return new Set(
    [...readText(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
}
