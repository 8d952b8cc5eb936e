/**
 * The folder of this package: all of it that is compiled lies somewhere in `dist`, as modules or as the bundle. Files that are found by
 * their path are found from here.
 *
 * @param module - `import.meta.url`.
 * @returns A URL that ends with a slash; empty if the module has been bundled into something else.
 */
export function packageRoot(module: string = import.meta.url): string {
  return module.slice(0, module.lastIndexOf('/dist/') + 1);
}
