export { applyPlugins, type Plugin } from '../core/index.ts';
export { preforkPlugin } from './prefork/index.ts';
export * from './peek/index.ts';
