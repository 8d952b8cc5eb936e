/**
 * Puts the page of the plugin peek beside its compiled code: our own files as they are, and the two libraries that the page uses, each
 * with its license. Part of `npm run build`.
 */
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'plugins/peek/page');
const target = join(root, 'dist/plugins/peek/page');
const packageFolder = (name) => {
  // From the door of the package: not every package shows its package.json.
  const folder = dirname(createRequire(import.meta.url).resolve(name));
  return folder.slice(0, folder.lastIndexOf(name) + name.length);
};

const libraries = {
  uplot: { 'dist/uPlot.esm.js': 'uplot.js', 'dist/uPlot.min.css': 'uplot.css', LICENSE: 'uplot.LICENSE.txt' },
  '@dagrejs/dagre': { 'dist/dagre.esm.js': 'dagre.js', 'dist/dagre.esm.js.LEGAL.txt': 'dagre.LICENSE.txt' },
};

mkdirSync(join(target, 'lib'), { recursive: true });
for (const file of readdirSync(source)) cpSync(join(source, file), join(target, file));
for (const [name, files] of Object.entries(libraries)) {
  for (const [from, to] of Object.entries(files)) cpSync(join(packageFolder(name), from), join(target, 'lib', to));
}
