import { benchesOf } from '../../bench/catalogue.ts';
import { smoke } from '../helpers/bench-smoke.ts';

smoke(await benchesOf('start'));
