import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import ts from 'typescript';
import { poe, readText, root } from '../helpers/repository.ts';

const KINDS = ['wheel', 'filter', 'component', 'plugin'];
/** Whether this Node runs TypeScript, and not through `poe run` only. */
const STRIPS_TYPES = Boolean((process.features as { typescript?: unknown }).typescript);

const projects = mkdtempSync(join(tmpdir(), 'poe-new-'));
after(() => rmSync(projects, { recursive: true, force: true }));

/** A project of somebody who has installed this package. */
function project(name: string, ...settings: string[]): string {
  const folder = join(projects, name);
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules', 'poe-kernel'));
  symlinkSync(join(root, 'node_modules', '@types', 'node'), join(folder, 'node_modules', '@types', 'node'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  for (const file of settings) writeFileSync(join(folder, file), '{}\n');
  return folder;
}

function run(folder: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [poe, 'new', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
}

describe('poe new', () => {
  test('poe new writes parts in JavaScript whose tests pass', () => {
    const folder = project('javascript');
    for (const kind of KINDS) {
      assert.deepEqual(run(folder, kind, `my-${kind}`, '-d', 'src'), {
        status: 0,
        stdout: `wrote src/my-${kind}.js\nwrote src/my-${kind}.test.js\n\n  node --test src/my-${kind}.test.js\n`,
        stderr: '',
      });
    }
    const tests = readdirSync(join(folder, 'src')).filter((file) => file.endsWith('.test.js'));
    assert.equal(tests.length, KINDS.length);
    // The runner that this test runs in tells its children to report to it.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    for (const file of tests) execFileSync(process.execPath, ['--test', join('src', file)], { cwd: folder, env });
    assert.match(readFileSync(join(folder, 'src', 'my-wheel.js'), 'utf8'), /^export class MyWheel extends Wheel \{$/m);
    assert.match(readFileSync(join(folder, 'src', 'my-plugin.js'), 'utf8'), /^export function myPlugin\(/m);
  });

  for (const settings of [{ noEmit: true, allowImportingTsExtensions: true }, { outDir: 'out' }]) {
    const imports = Object.keys(settings).join(' and ');
    test(`poe new writes TypeScript where there is a tsconfig.json with ${imports}: free of type errors, and it runs`, () => {
      const folder = project(`typescript-${imports.length}`, 'tsconfig.json');
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: settings }));
      const { NODE_TEST_CONTEXT: _, ...env } = process.env;
      const files = KINDS.flatMap((kind) => {
        const { status, stdout } = run(folder, kind, 'ClockTick', '-d', kind);
        assert.equal(status, 0);
        const [, command, file = ''] = /^ {2}(node --test|npx poe run) (\S+)$/m.exec(stdout) ?? [];
        assert.equal(command === 'node --test', settings.noEmit === true && STRIPS_TYPES);
        const args = command === 'node --test' ? ['--test', file] : [poe, 'run', file];
        assert.match(execFileSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' }), /^. pass [1-9]/m);
        return [join(folder, kind, 'clock-tick.ts'), join(folder, kind, 'clock-tick.test.ts')];
      });
      // As strict as settings are, but for libraries.
      const program = ts.createProgram(files, {
        ...settings,
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.NodeNext,
        strict: true,
        noUncheckedIndexedAccess: true,
        noPropertyAccessFromIndexSignature: true,
        exactOptionalPropertyTypes: true,
        noImplicitOverride: true,
        verbatimModuleSyntax: true,
        erasableSyntaxOnly: true,
        noUnusedLocals: true,
        noUnusedParameters: true,
        skipLibCheck: true,
        types: ['node'],
        typeRoots: [join(root, 'node_modules', '@types')],
      });
      const found = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
        return `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
      });
      assert.deepEqual(found, []);
    });
  }

  test('poe new refuses to overwrite, and names that are none', () => {
    const folder = project('refused');
    assert.equal(run(folder, 'wheel', 'clock').status, 0);
    rmSync(join(folder, 'clock.js'));
    writeFileSync(join(folder, 'clock.test.js'), 'mine');
    const again = run(folder, 'wheel', 'clock');
    assert.deepEqual([again.status, again.stderr], [1, 'clock.test.js is there already: nothing was written\n']);
    assert.deepEqual(readdirSync(folder).sort(), ['clock.test.js', 'node_modules', 'package.json']);
    for (const name of ['', '1st', '../up', 'a b', 'a--b']) {
      const { status, stderr } = run(folder, 'filter', name);
      assert.equal(status, 1);
      assert.match(stderr, /is no name for a file and a class: give words of letters and digits/);
    }
  });
});

describe('templates/', () => {
  const compilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
  };
  /** What a file says, without its types and however it is laid out. */
  const bare = (path: string): string =>
    ts
      .transpileModule(readText(path).replace(/^ *\/\/ biome-ignore .*\n/gm, ''), {
        compilerOptions,
        fileName: path.replace(/\.js$/, '.ts'),
      })
      .outputText.replaceAll('./skeleton.ts', './skeleton.js')
      .replace(/\s+/g, '');

  for (const kind of KINDS) {
    for (const file of ['skeleton', 'skeleton.test']) {
      test(`templates/${kind}/${file}.js is ${file}.ts without its types`, () => {
        assert.equal(bare(`templates/${kind}/${file}.js`), bare(`templates/${kind}/${file}.ts`));
      });
    }
  }
});
