import { freezerContract } from 'poe-kernel/testing';
import { Storable } from '../../../../../wheels/filters/freezers/storable/index.ts';
import { runContract } from '../../../../helpers/run-contract.ts';

/** The contract thaws values that are deeper than Storable freezes if nothing is said. */
const freezeLimits = { maxDepth: 1e6, maxHashDepth: 1e6 };

for (const byteOrder of ['network', 'native'] as const) {
  runContract(
    `Storable in ${byteOrder} order, as a freezer`,
    freezerContract({ make: (options) => new Storable({ ...options, freezeLimits, byteOrder }) }),
  );
}
