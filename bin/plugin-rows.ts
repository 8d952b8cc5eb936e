import { ikcHooks } from '../components/ikc/index.ts';
import { babysitterOf, supervisorOf, workerOf } from '../components/index.ts';
import type { Kernel, TapTime } from '../core/index.ts';
import { addPeekSection, type SectionRow } from '../plugins/index.ts';
import { wheelHooks } from '../wheels/index.ts';

/** What a running program tells of its plugins. */
export const SECTION = 'plugins';

interface Tapped {
  readonly taps: readonly { readonly name: string }[];
}

/** Every hook of a kernel and of what stands on it, by name. */
export function hooksOf(kernel: Kernel): [name: string, hook: Tapped][] {
  const ofChildren = { ...supervisorOf(kernel)?.hooks, ...workerOf(kernel)?.hooks, ...babysitterOf(kernel)?.hooks };
  return Object.entries({ ...kernel.hooks, ...wheelHooks(kernel), ...ikcHooks(kernel), ...ofChildren });
}

/**
 * Has a program tell which of its plugins tap which hooks, in order, and what that costs. Nothing is measured before somebody asks.
 *
 * @param times - How to ask for what has been measured, where that has begun.
 */
export function tellOfPlugins(kernel: Kernel, plugins: readonly string[], times?: () => TapTime[]): void {
  let measured = times;
  addPeekSection(kernel, SECTION, () => {
    measured ??= kernel.measureTaps();
    const costs = measured();
    const hooks = hooksOf(kernel);
    return plugins.flatMap((name, at): SectionRow[] => {
      const row = (hook: string): SectionRow => {
        const cost = costs.find((one) => one.tap === name && one.hook === hook);
        const ms = Math.round((cost?.seconds ?? 0) * 1e6) / 1000;
        return { order: at + 1, plugin: name, hook, calls: cost?.calls ?? 0, ms };
      };
      const tapped = hooks.filter(([, { taps }]) => taps.some((tap) => tap.name === name));
      return tapped.length > 0
        ? tapped.map(([hook]) => row(hook))
        : [{ order: at + 1, plugin: name, hook: '', calls: 0, ms: 0 }];
    });
  });
}
