import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Kernel, Session } from '../../core/index.ts';
import { readText } from '../helpers/repository.ts';

/** Every public method of POE::Kernel 1.370. */
const kernelMethods = `
  ID run run_one_timeslice run_while stop has_forked post yield call alarm alarm_add delay delay_add alarm_set delay_set
  alarm_adjust delay_adjust alarm_remove alarm_remove_all alias_set alias_remove alias_resolve alias_list ID_id_to_session
  ID_session_to_id get_active_session get_active_event get_event_count get_next_event_time detach_child detach_myself
  refcount_increment refcount_decrement select_read select_write select_expedite select select_pause_read select_resume_read
  select_pause_write select_resume_write sig sig_child sig_handled signal signal_ui_destroy state`;

/** Those of POE::Session that belong to an object. */
const sessionMethods = 'ID get_heap option postback callback';

/** The rule: `snake_case` becomes `camelCase`. */
function byRule(name: string): string {
  return name
    .replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
    .replace(/^[A-Z]/, (first) => first.toLowerCase());
}

const section = readText('docs/porting.md').match(/^## Names$([\s\S]*?)^## /m)?.[1] ?? '';
/** Exceptions as the porting guide lists them: POE's names, and the names they have here. */
const exceptions = new Map<string, string[]>(
  [...section.matchAll(/^\| (.+?) \| (.+?) \|/gm)].flatMap(([, perl = '', here = '']) => {
    const names = (cell: string) => [...cell.matchAll(/`(\w+)/g)].map(([, name = '']) => name);
    return names(perl).map((name) => [name, names(here)] as const);
  }),
);

for (const [label, methods, made] of [
  ['POE::Kernel', kernelMethods, new Kernel()],
  ['POE::Session', sessionMethods, sampleSession()],
] as const) {
  describe(`names of ${label}`, () => {
    for (const name of methods.trim().split(/\s+/)) {
      const exception = exceptions.get(name);
      test(`${name} is ${exception ? 'an exception of the porting guide' : byRule(name)}`, () => {
        for (const here of exception ?? [byRule(name)]) assert.ok(here in made, `there is no ${here}`);
      });
    }
  });
}

describe('exceptions in the porting guide', () => {
  test('are exceptions: the rule gives another name, or none is here', () => {
    for (const [name, here] of exceptions) assert.ok(!here.includes(byRule(name)), name);
  });
});

function sampleSession(): Session {
  return Session.create({ kernel: new Kernel(), inlineStates: { _start() {} } });
}
