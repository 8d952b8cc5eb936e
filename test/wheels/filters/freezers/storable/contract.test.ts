import { Storable } from '../../../../../wheels/filters/freezers/storable/index.ts';
import { freezerContract } from '../../../../contract/freezer.ts';

/** The contract thaws values that are deeper than Storable freezes if nothing is said. */
const freezeLimits = { maxDepth: 1e6, maxHashDepth: 1e6 };

freezerContract((options) => new Storable({ ...options, freezeLimits }), { octetsOnly: false });
freezerContract((options) => new Storable({ ...options, freezeLimits, byteOrder: 'native' }), { octetsOnly: false });
