export { applyPlugins, type Plugin } from '../core/index.ts';
