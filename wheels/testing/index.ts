export * from '../../core/testing/index.ts';
export { type ContractCase, type ContractRounds, cut } from './contract.ts';
export { type DriverSubject, driverContract } from './driver-contract.ts';
export { type FilterSubject, filterContract } from './filter-contract.ts';
export { type FreezerSubject, freezerContract } from './freezer-contract.ts';
export { type WheelSubject, wheelContract } from './wheel-contract.ts';
