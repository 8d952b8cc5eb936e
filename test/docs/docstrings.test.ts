import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, test } from 'node:test';
import ts from 'typescript';
import { Kernel, list, NFA, oneWay, Session } from '../../core/index.ts';
import { readText } from '../helpers/repository.ts';

/** One public method or property, and what is written above it. */
interface Member {
  readonly name: string;
  readonly docstring: string;
  readonly examples: readonly string[];
}

/** What is public here and not in POE. */
const OURS = `
  errno hooks guardHooks host session forSession atSessionEnd isSame toString callThrough getSessionCount getPostedEventCount create`
  .trim()
  .split(/\s+/);

function publicMembers(path: string, className: string): Member[] {
  const source = ts.createSourceFile(path, readText(path), ts.ScriptTarget.Latest, true);
  const found = source.statements.find((node) => ts.isClassDeclaration(node) && node.name?.text === className);
  assert.ok(found !== undefined && ts.isClassDeclaration(found));
  return found.members.flatMap((member) => {
    const name = member.name !== undefined && ts.isIdentifier(member.name) ? member.name.text : '';
    // Private by name; setters and the bodies of overloads have their docstring elsewhere.
    if (name === '' || name.startsWith('_') || ts.isSetAccessorDeclaration(member)) return [];
    const docstring = ts
      .getJSDocCommentsAndTags(member)
      .map((node) => node.getFullText())
      .join('');
    if (docstring === '') return [];
    const examples = ts.getAllJSDocTags(member, (tag): tag is ts.JSDocTag => tag.tagName.text === 'example');
    return [{ name, docstring, examples: examples.map((tag) => ts.getTextOfJSDocComment(tag.comment) ?? '') }];
  });
}

/** Runs an example in a handler, as a program would have it. */
async function runExample(example: string): Promise<void> {
  const kernel = new Kernel();
  const { outputText } = ts.transpileModule(example, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const names = ['kernel', 'heap', 'session', 'own', 'Session', 'NFA', 'Kernel', 'list', 'oneWay', 'spawn', 'console'];
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  const code = new AsyncFunction(...names, outputText);
  const quiet = { log() {} };
  Session.create({
    kernel,
    inlineStates: {
      _start: ({ kernel }) => kernel.yield('go'),
      async go({ kernel: bound, heap, session }) {
        // An await in the example must not find the kernel in a run: it gets another one for that.
        await code(bound, heap, session, new Kernel(), Session, NFA, Kernel, list, oneWay, spawn, quiet);
        kernel.stop();
      },
    },
  });
  for (const alias of ['logger', 'calculator']) {
    Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel }) => void kernel.aliasSet(alias),
        add: (_, a, b) => a + b,
        note() {},
        names: () => [],
      },
    });
  }
  await kernel.run();
}

for (const [path, className] of [
  ['core/kernel-view.ts', 'KernelView'],
  ['core/session.ts', 'Session'],
  ['core/nfa.ts', 'NFA'],
] as const) {
  describe(`docstrings of ${className}`, () => {
    const members = publicMembers(path, className);

    test('name the page they mirror, unless POE has nothing of the kind', () => {
      assert.ok(members.length > 5);
      for (const { name, docstring } of members) {
        assert.ok(
          /Mirrors (POE::\w+|`\$!`|POE::API::Peek)/.test(docstring) || OURS.includes(name),
          `${className}.${name}`,
        );
      }
    });

    for (const { name, examples } of members) {
      for (const example of examples) test(`${name}: the example runs`, () => runExample(example));
    }
  });
}
