import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readText } from '../helpers/repository.ts';

interface Locked {
  resolved?: string;
  integrity?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  hasInstallScript?: boolean;
  optionalDependencies?: Record<string, string>;
}

describe('package-lock.json', () => {
  const { packages } = JSON.parse(readText('package-lock.json')) as { packages: Record<string, Locked> };
  const entries = Object.entries(packages).filter(([path]) => path !== '');
  const pathsOf = (refused: (locked: Locked) => unknown) => {
    return entries.filter(([, locked]) => refused(locked)).map(([path]) => path);
  };

  test('holds no address: packages come from the registry that npm is set to', () => {
    assert.deepEqual(
      pathsOf(({ resolved }) => resolved !== undefined),
      [],
    );
  });

  test('is written without addresses by npm, whoever changes it', () => {
    assert.match(readText('.npmrc'), /^omit-lockfile-registry-resolved=true$/m);
  });

  test('holds a checksum for every package that all platforms need', () => {
    assert.deepEqual(
      pathsOf(({ integrity, optional, os, cpu }) => !integrity && !(optional && (os ?? cpu))),
      [],
    );
  });

  test('lists every optional dependency of its packages, or `npm ci` would refuse it', () => {
    const missing = entries.flatMap(([path, { optionalDependencies = {} }]) => {
      return Object.keys(optionalDependencies).filter(
        (name) => !(`${path}/node_modules/${name}` in packages) && !(`node_modules/${name}` in packages),
      );
    });
    assert.deepEqual(missing, []);
  });

  test('names no package that runs an install script in a production install', () => {
    assert.deepEqual(
      pathsOf(({ dev, hasInstallScript }) => !dev && hasInstallScript),
      [],
    );
  });
});
