import type { Plugin } from 'poe-kernel';
import { defineConfig } from 'poe-kernel/plugins';

declare const crowd: Plugin<{ size: number; label: string }>;

defineConfig({});
defineConfig({ name: 'shop', pidFile: 'shop.pid', hookFailures: 3, plugins: [] });
defineConfig({
  plugins: [
    { use: 'log', options: { level: 'info' } },
    { use: 'poe-plugin-hello', options: { greeting: 'hi' } },
    { use: './own.ts' },
    { use: crowd, options: { size: 3 } },
  ],
});

// @ts-expect-error a key that no config has
defineConfig({ plugin: [] });
// @ts-expect-error a word that the option does not know
defineConfig({ plugins: [{ use: 'log', options: { level: 'loud' } }] });
// @ts-expect-error an option of another type, of a plugin that was imported
defineConfig({ plugins: [{ use: crowd, options: { size: 'large' } }] });
// @ts-expect-error an entry without a plugin
defineConfig({ plugins: [{ options: {} }] });
