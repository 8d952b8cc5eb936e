import { allBenches } from '../../bench/catalogue.ts';
import { smoke } from '../helpers/bench-smoke.ts';

smoke((await allBenches()).filter(({ file }) => file.startsWith('ikc')));
