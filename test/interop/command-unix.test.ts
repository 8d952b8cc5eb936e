import { testCommands } from './command.ts';

for (const protocol of ['IKC0', 'IKC'] as const) testCommands({ transport: 'unix', protocol });
