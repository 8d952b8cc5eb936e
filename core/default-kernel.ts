import { copyOf, noteCopy } from './copies.ts';
import { Kernel } from './kernel.ts';

noteCopy(copyOf(import.meta.url));

/**
 * The kernel of the process, as `$poe_kernel` is Perl's. It acts for whichever session is active.
 *
 * @remarks Mirrors POE::Kernel, `$poe_kernel`.
 */
export const kernel: Kernel = new Kernel();
