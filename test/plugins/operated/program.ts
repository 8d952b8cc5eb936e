/** Runs examples/operated with the plugins of its config file, each quicker than there, and metrics on the port given. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kernel } from 'poe-kernel';
import { applyPlugins, babysit, metrics, prefork } from 'poe-kernel/plugins';
import { root } from '../../helpers/repository.ts';

interface Config {
  readonly plugins: readonly { use: 'prefork' | 'babysit' | 'metrics'; options: object }[];
}

const PLUGINS = { prefork: prefork, babysit, metrics };
const QUICKER = {
  prefork: { heartbeat: 0.2, drainTimeout: 1 },
  babysit: { interval: 0.3, silence: 4, stopped: 1 },
  metrics: { port: Number(process.argv[2]) },
};

const config = JSON.parse(readFileSync(join(root, 'examples/operated/poe.config.json'), 'utf8')) as Config;
applyPlugins(
  kernel,
  config.plugins.map(({ use, options }) => [PLUGINS[use], { ...options, ...QUICKER[use] }]),
);
await import('../../../examples/operated/server.ts');
