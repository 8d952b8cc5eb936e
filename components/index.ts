export * from './ikc/index.ts';
