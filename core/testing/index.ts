export type { SimulationOptions } from './options.ts';
export { SeededRandom } from './seeded-random.ts';
export { SimulatedProgram } from './simulated-children.ts';
export { SimulatedFiles, type SimulatedWriter } from './simulated-files.ts';
export { SimulatedHandle } from './simulated-handle.ts';
export { type SimulatedClock, SimulatedHost, type SimulatedHostOptions } from './simulated-host.ts';
export { Simulation } from './simulation.ts';
