import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Kernel, Peek, Session } from '../../core/index.ts';
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

/** Every method of POE::API::Peek 2.20 but `new`. */
const peekMethods = `
  id is_kernel_running active_event kernel_memory_size event_list which_loop current_session get_session_children
  is_session_child get_session_parent resolve_session_to_ref resolve_session_to_id get_session_refcount session_count
  session_list session_memory_size session_event_list resolve_alias session_alias_list session_alias_count
  session_id_loggable event_count_to event_count_from event_queue event_queue_dump extref_count get_session_extref_count
  is_handle_tracked handle_count session_handle_count session_pid_count get_safe_signals get_signal_type
  is_signal_watched signals_watched_by_session signal_watchers is_signal_watched_by_session`;

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
  ['POE::API::Peek', peekMethods, new Peek(new Kernel())],
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
