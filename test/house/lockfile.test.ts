import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readText } from '../helpers/repository.ts';

describe('package-lock.json', () => {
  const text = readText('package-lock.json');

  test('holds no address: packages come from the registry that npm is set to', () => {
    const { packages } = JSON.parse(text) as { packages: Record<string, { resolved?: string }> };
    assert.deepEqual(
      Object.entries(packages).filter(([, entry]) => entry.resolved !== undefined),
      [],
    );
  });

  test('holds a checksum for every package', () => {
    const { packages } = JSON.parse(text) as { packages: Record<string, { integrity?: string; link?: boolean }> };
    const without = Object.entries(packages).filter(([path, { integrity }]) => path !== '' && !integrity);
    assert.deepEqual(without, []);
  });

  test('is written without addresses by npm, whoever changes it', () => {
    assert.match(readText('.npmrc'), /^omit-lockfile-registry-resolved=true$/m);
  });

  test('names no package that runs an install script in a production install', () => {
    const { packages } = JSON.parse(text) as {
      packages: Record<string, { dev?: boolean; hasInstallScript?: boolean }>;
    };
    const scripted = Object.entries(packages).filter(([, { dev, hasInstallScript }]) => !dev && hasInstallScript);
    assert.deepEqual(scripted, []);
  });
});
