/**
 * Writes what is published, `dist/bundle`: the library in a few files in place of its some 280 modules, since Node takes longer to find and link
 * many small ones than to run them. Part of `npm run build`, which has compiled the modules before. See docs/decisions/0011-bundle.md.
 *
 * The doors are those of package.json: `types` names the module behind each, `default` the file that is written.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { writeChanged, writeFolder } from './write-changed.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const target = join(dist, 'bundle');
const { name, type, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const doors = Object.values(exports).filter((door) => door.default !== undefined);
const moduleOf = ({ types }) => join(root, types.replace(/\.d\.ts$/, '.js'));
/** Files that are started: found beside the code that starts them, so nothing else may lie between. */
const started = ['bin/poe.js', 'core/processes/child-main.js', 'components/babysit/block-watcher.js'];

const input = Object.fromEntries([
  ...doors.map((door) => [basename(door.default, '.js'), moduleOf(door)]),
  ...started.map((path) => [basename(path, '.js'), join(dist, path)]),
]);

/** Libraries in CommonJS. To import one, Node reads it twice, the first time for its names; to require it, once. It is the same copy either way. */
const required = new Set(['tapable', 'debug', 'eventemitter3', 'http-parser-js', 'commander', 'picocolors']);
const REQUIRED = '\0required:';
const require = createRequire(import.meta.url);

const requireLibraries = {
  name: 'require-libraries',
  resolveId: (id) => (required.has(id) ? REQUIRED + id : undefined),
  load(id) {
    if (!id.startsWith(REQUIRED)) return undefined;
    const library = id.slice(REQUIRED.length);
    const names = Object.keys(require(library)).filter((name) => /^[A-Za-z]\w*$/.test(name) && name !== 'default');
    return [
      `import { createRequire } from 'node:module';`,
      `const library = createRequire(import.meta.url)('${library}');`,
      'export default library;',
      ...names.map((name) => `export const ${name} = /* @__PURE__ */ (() => library.${name})();`),
    ].join('\n');
  },
};

/** What else is not ours stays where it is. No module of ours is loaded for its side effects alone: a room's index costs only what is used of it. */
const common = {
  external: (id) => !/^[./\0]/.test(id) && !required.has(id),
  platform: 'node',
  treeshake: { moduleSideEffects: false },
  plugins: [requireLibraries],
};

/** The modules that a program with these doors needs. */
async function modulesBehind(...modules) {
  const bundle = await rolldown({ ...common, input: modules });
  const { output } = await bundle.generate({ format: 'es' });
  await bundle.close();
  const used = output.flatMap((chunk) => Object.entries(chunk.modules).filter(([, { code }]) => code));
  return new Set([...modules, ...used.map(([id]) => id)]);
}

const kernel = await modulesBehind(input.core);
const ikc = await modulesBehind(input.core, input.ikc);

/** What most programs load is one file each; whatever else several doors share, rolldown divides so that nothing needless is loaded. */
const groups = [
  // `poe` asks where it is before it knows which copy of the kernel is wanted.
  { name: 'root', test: (id) => id === join(dist, 'core/package-root.js') },
  { name: 'kernel', test: (id) => kernel.has(id) },
  { name: 'streams', test: (id) => ikc.has(id) && !id.startsWith(join(dist, 'components/')) },
  { name: 'peers', test: (id) => ikc.has(id) },
].map((group) => ({ ...group, includeDependenciesRecursively: false }));

const bundle = await rolldown({ ...common, input, preserveEntrySignatures: 'allow-extension' });
const { output } = await bundle.generate({
  format: 'es',
  entryFileNames: '[name].js',
  chunkFileNames: 'part-[name].js',
  codeSplitting: { groups },
  // Names and lines stay: traces are to be read, and POE's programs ask filters for their class. Shorter code does not start sooner.
  keepNames: true,
  minify: false,
  comments: false,
});
await bundle.close();
writeFolder(target, new Map(output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source])));

/**
 * Our own tests import inner modules as well as the doors, which must be the same modules; so what lies in `dist` finds the doors there. With
 * `--conditions=poe-kernel-bundle` it finds those that are published.
 */
const inner = Object.entries(exports).map(([path, door]) => [
  path,
  door.default === undefined
    ? './package.json'
    : {
        'poe-kernel-bundle': door.default.replace('./dist/', './'),
        default: door.types.replace('./dist/', './').replace(/\.d\.ts$/, '.js'),
      },
]);
const own = { name, private: true, type, bin: { poe: 'bin/poe.js' }, exports: Object.fromEntries(inner) };
writeChanged(join(dist, 'package.json'), `${JSON.stringify(own, null, 2)}\n`);
