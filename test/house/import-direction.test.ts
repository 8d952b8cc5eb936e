import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { root } from '../helpers/repository.ts';

/** For a file of each room: what it may import, and what it may not. */
const table: Record<string, { may: string[]; mayNot: string[] }> = {
  'core/kernel.ts': {
    may: ['./errors.ts', './queue/ring.ts', 'node:events', 'node:timers/promises', 'tapable', 'eventemitter3', 'debug'],
    mayNot: [
      'commander',
      '@scope/thing',
      '../wheels/index.ts',
      '../components/ikc/index.ts',
      '../plugins/index.ts',
      './testing/index.ts',
    ],
  },
  'core/testing/simulation.ts': {
    may: ['../errors.ts', '../host/host.ts', './timeline.ts'],
    mayNot: ['../../wheels/index.ts', 'poe-kernel', 'poe-kernel/wheels'],
  },
  'core/resources/aliases.ts': {
    may: ['../errors.ts', './sids.ts'],
    mayNot: ['../../wheels/filters/line.ts', 'poe-kernel', 'poe-kernel/wheels'],
  },
  'wheels/read-write.ts': {
    may: ['../core/index.ts', './wheel.ts', './filters/line.ts', './drivers/sys-rw.ts', 'node:net'],
    mayNot: ['../core/kernel.ts', '../core/resources/sids.ts', '../components/index.ts', '../plugins/index.ts'],
  },
  'wheels/run/reap.ts': {
    may: ['../../core/index.ts', '../wheel.ts', '../filters/index.ts', 'node:child_process'],
    mayNot: ['../../core/errors.ts', '../../core/../core/errors.ts', '../../components/index.ts', 'poe-kernel'],
  },
  'wheels/testing/filter-contract.ts': {
    may: [
      '../../core/index.ts',
      '../../core/testing/index.ts',
      '../filters/index.ts',
      './contract.ts',
      'node:assert/strict',
    ],
    mayNot: [
      '../../core/kernel.ts',
      '../../core/testing/simulation.ts',
      '../../components/index.ts',
      'node:test',
      'fast-check',
    ],
  },
  'wheels/filters/line.ts': {
    may: [
      '../../core/errors.ts',
      '../../core/warn.ts',
      '../../core/list.ts',
      '../../core/types.ts',
      './filter.ts',
      './freezers/index.ts',
    ],
    mayNot: ['../../core/index.ts', '../wheel.ts', '../index.ts', '../drivers/sys-rw.ts', 'node:net', 'node:fs'],
  },
  'wheels/filters/freezers/json.ts': {
    may: ['../../../core/errors.ts', '../filter.ts', './freezer.ts', 'node:zlib', 'node:buffer'],
    mayNot: ['../../../core/kernel.ts', '../../wheel.ts', '../../../core/index.ts', 'node:timers/promises'],
  },
  'wheels/filters/freezers/storable/reader.ts': {
    may: ['../../../../core/errors.ts', '../freezer.ts', '../../filter.ts', './opcodes.ts'],
    mayNot: ['../../../wheel.ts', '../../../../core/index.ts', '../../../../components/index.ts'],
  },
  'wheels/drivers/sys-rw.ts': {
    may: ['../../core/errors.ts', '../filters/filter.ts', '../filters/text.ts', './driver.ts'],
    mayNot: ['../../core/index.ts', '../filters/line.ts', '../wheel.ts'],
  },
  'components/server-tcp.ts': {
    may: ['../core/index.ts', '../wheels/index.ts', './ikc/index.ts', 'node:net'],
    mayNot: ['../core/kernel.ts', '../core/errors.ts', '../wheels/read-write.ts', '../wheels/filters/index.ts'],
  },
  'components/ikc/channel.ts': {
    may: ['../../core/index.ts', '../../core/errors.ts', '../../wheels/index.ts', '../../wheels/filters/index.ts'],
    mayNot: ['../../core/kernel.ts', '../../wheels/filters/line.ts', '../../wheels/socket-factory.ts', 'poe-kernel'],
  },
  'components/ikc/client-lite.ts': {
    may: ['../../wheels/filters/index.ts', '../../core/errors.ts', '../../core/debug.ts', './protocol.ts', 'node:net'],
    mayNot: ['../../core/index.ts', '../../wheels/index.ts', '../../wheels/filters/reference.ts'],
  },
  'components/ikc/specifier.ts': {
    may: ['../../core/types.ts'],
    mayNot: ['../../core/index.ts', '../../plugins/index.ts'],
  },
  'components/ikc/handshake/server.ts': {
    may: ['../../../core/errors.ts', '../../../wheels/filters/index.ts', '../specifier.ts'],
    mayNot: ['../../../core/index.ts', '../../../wheels/index.ts', '../../../plugins/index.ts'],
  },
  'plugins/peek/index.ts': {
    may: ['../../core/index.ts', '../../wheels/index.ts', '../../components/ikc/index.ts', './options.ts'],
    mayNot: ['../../core/kernel.ts', '../../core/errors.ts', '../../wheels/read-write.ts', 'poe-kernel/ikc'],
  },
  'bin/poe.ts': {
    may: ['../core/index.ts', '../components/index.ts', '../plugins/index.ts', 'commander'],
    mayNot: ['../core/kernel.ts', '../plugins/log/index.ts'],
  },
  'examples/echo.ts': {
    may: ['poe-kernel', 'poe-kernel/wheels', './shared.ts', 'node:net'],
    mayNot: ['../core/index.ts', '../wheels/read-write.ts'],
  },
};

/** The ways to import; a rule that overlooks one of them is a hole. One line each, so that a verdict has a line. */
const forms: readonly ((specifier: string) => string)[] = [
  (specifier) => `import '${specifier}';`,
  (specifier) => `import type { Thing } from '${specifier}';`,
  (specifier) => `export * from '${specifier}';`,
  (specifier) => `export const late = () => import('${specifier}');`,
];

interface Report {
  diagnostics: { category: string; location: { path: string; start: { line: number } } }[];
}

/** Lints throw-away files under the real configuration; gives `path:line` of every import that is refused. */
function lint(files: ReadonlyMap<string, string>): Set<string> {
  const folder = mkdtempSync(join(tmpdir(), 'import-direction-'));
  try {
    for (const name of ['biome.json', '.gitignore']) cpSync(join(root, name), join(folder, name));
    for (const [path, text] of files) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
    const run = spawnSync(
      process.execPath,
      [biome, 'lint', '--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none', '.'],
      { cwd: folder, encoding: 'utf8' },
    );
    const { diagnostics } = JSON.parse(run.stdout) as Report;
    return new Set(diagnostics.map(({ location }) => `${location.path}:${location.start.line}`));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const files = new Map<string, string>();
for (const [path, { may, mayNot }] of Object.entries(table)) {
  const lines = [...may, ...mayNot].flatMap((specifier) => forms.map((form) => form(specifier)));
  files.set(path, `${lines.join('\n')}\n`);
}
const refused = lint(files);

for (const [path, { may, mayNot }] of Object.entries(table)) {
  describe(path, () => {
    for (const [index, specifier] of [...may, ...mayNot].entries()) {
      const allowed = index < may.length;
      test(`${allowed ? 'may' : 'may not'} import ${specifier}`, () => {
        const verdicts = forms.map((_, form) => refused.has(`${path}:${index * forms.length + form + 1}`));
        assert.deepEqual(verdicts, Array(forms.length).fill(!allowed));
      });
    }
  });
}
