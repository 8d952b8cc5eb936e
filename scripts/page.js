/**
 * Puts the page of the plugin peek beside its compiled code: our own files as they are, and the two libraries that the page uses, each
 * with its license. Part of `npm run build`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeChanged } from './write-changed.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'plugins/peek/page');
const target = join(root, 'dist/plugins/peek/page');
/** From the door of the package: not every package shows its package.json. */
const packageFolder = (name, door) => {
  const path = fileURLToPath(door);
  return path.slice(0, path.lastIndexOf(`/${name}/`) + name.length + 1);
};
const uplot = packageFolder('uplot', import.meta.resolve('uplot'));
const dagre = packageFolder('@dagrejs/dagre', import.meta.resolve('@dagrejs/dagre'));

const libraries = [
  [uplot, 'dist/uPlot.esm.js', 'uplot.js'],
  [uplot, 'dist/uPlot.min.css', 'uplot.css'],
  [uplot, 'LICENSE', 'uplot.LICENSE.txt'],
  [dagre, 'dist/dagre.esm.js', 'dagre.js'],
  [dagre, 'dist/dagre.esm.js.LEGAL.txt', 'dagre.LICENSE.txt'],
];

for (const file of readdirSync(source)) writeChanged(join(target, file), readFileSync(join(source, file)));
for (const [folder, from, to] of libraries) writeChanged(join(target, 'lib', to), readFileSync(join(folder, from)));
