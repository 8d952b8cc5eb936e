import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Kernel, NFA, Peek, Session } from '../../core/index.ts';
import {
  Block,
  FollowTail,
  Grep,
  HTTPD,
  Line,
  ListenAccept,
  Map as MapFilter,
  ReadLine,
  ReadWrite,
  RecordBlock,
  Reference,
  Run,
  SocketFactory,
  Stackable,
  Stream,
  SysRW,
} from '../../wheels/index.ts';
import { FUNCTIONS } from '../../wheels/readline/functions/index.ts';
import { readText } from '../helpers/repository.ts';

/** Every public method of POE::Kernel 1.370. */
const kernelMethods = `
  ID run run_one_timeslice run_while stop has_forked post yield call alarm alarm_add delay delay_add alarm_set delay_set
  alarm_adjust delay_adjust alarm_remove alarm_remove_all alias_set alias_remove alias_resolve alias_list ID_id_to_session
  ID_session_to_id get_active_session get_active_event get_event_count get_next_event_time detach_child detach_myself
  refcount_increment refcount_decrement select_read select_write select_expedite select select_pause_read select_resume_read
  select_pause_write select_resume_write sig sig_child sig_handled signal signal_ui_destroy state`;

/** Those of objects of POE::Session and POE::NFA. */
const sessionMethods = 'ID get_heap option postback callback';
const machineMethods =
  'ID goto_state call_state return_state stop get_current_state get_runstate option postback callback';

/** Those of the filters; every filter has the first ones. */
const filterMethods = 'get_one_start get_one get put get_pending clone';
const filters: Record<string, [filter: object, methods: string]> = {
  Block: [new Block(), ''],
  Grep: [new Grep({ code: () => true }), 'modify'],
  HTTPD: [new HTTPD(), ''],
  Line: [new Line(), ''],
  Map: [new MapFilter({ code: () => true }), 'modify'],
  RecordBlock: [new RecordBlock({ blockSize: 1 }), 'blocksize checkput put_pending'],
  Reference: [new Reference(), ''],
  Stackable: [new Stackable(), 'push pop shift unshift filters filter_types'],
  Stream: [new Stream(), ''],
};

/** What is called on the classes, and what they export or read: all of it is here, or has its line in the guide. */
const classMethods = [
  [Session, 'create new instantiate try_alloc'],
  [NFA, 'spawn'],
] as const;
const constants = `
  OBJECT SESSION MACHINE KERNEL HEAP RUNSTATE STATE EVENT SENDER CALLER_FILE CALLER_LINE CALLER_STATE ARG0 ARG9
  CATCH_EXCEPTIONS USE_SIGCHLD CHILD_POLLING_INTERVAL poe_main_window
  POE_EVENT_LOOP POE_USE_SIGNAL_PIPE POE_CATCH_EXCEPTIONS POE_TRACE_ POE_ASSERT_ TRACE_ ASSERT_`;

/** Every method of POE::API::Peek 2.20 but `new`. */
const peekMethods = `
  id is_kernel_running active_event kernel_memory_size event_list which_loop current_session get_session_children
  is_session_child get_session_parent resolve_session_to_ref resolve_session_to_id get_session_refcount session_count
  session_list session_memory_size session_event_list resolve_alias session_alias_list session_alias_count
  session_id_loggable event_count_to event_count_from event_queue event_queue_dump extref_count get_session_extref_count
  is_handle_tracked handle_count session_handle_count session_pid_count get_safe_signals get_signal_type
  is_signal_watched signals_watched_by_session signal_watchers is_signal_watched_by_session`;

/** Those of POE::Wheel::ReadLine but `new` and `ID`. */
const readLineMethods = `
  get put clear terminal_size add_history get_history read_history write_history history_truncate_file bind_key add_defun
  rl_set_keymap attribs option`;

/** Those of the other wheels but `new` and `ID`, and of the driver. */
const wheels: Record<string, [made: object, methods: string]> = {
  SocketFactory: [SocketFactory.prototype, 'event getsockname pause_accept resume_accept'],
  ListenAccept: [ListenAccept.prototype, 'event'],
  ReadWrite: [
    ReadWrite.prototype,
    `put event set_filter set_input_filter set_output_filter get_input_filter get_output_filter set_high_mark set_low_mark pause_input
    resume_input get_input_handle get_output_handle shutdown_input shutdown_output get_driver_out_octets get_driver_out_messages flush`,
  ],
  Run: [
    Run.prototype,
    `event put get_stdin_filter get_stdout_filter get_stderr_filter set_stdio_filter set_stdin_filter set_stdout_filter set_stderr_filter
    pause_stdout pause_stderr resume_stdout resume_stderr shutdown_stdin kill get_driver_out_messages get_driver_out_octets`,
  ],
  FollowTail: [FollowTail.prototype, 'event tell'],
};
const driverMethods = 'get put flush get_out_messages_buffered';

/** The rule: `snake_case` becomes `camelCase`. */
function byRule(name: string): string {
  return name
    .replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
    .replace(/^[A-Z]/, (first) => first.toLowerCase());
}

function sectionOf(title: string): string {
  return readText('docs/porting.md').match(new RegExp(`^## ${title}$([\\s\\S]*?)^## `, 'm'))?.[1] ?? '';
}

const section = sectionOf('Names');
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
  ['POE::NFA', machineMethods, NFA.spawn({ kernel: new Kernel(), inlineStates: {} })],
  ['POE::API::Peek', peekMethods, new Peek(new Kernel())],
  ['POE::Wheel::ReadLine', readLineMethods, ReadLine.prototype],
  ['POE::Driver::SysRW', driverMethods, new SysRW()],
  ...Object.entries(wheels).map(([name, [wheel, methods]]) => [`POE::Wheel::${name}`, methods, wheel] as const),
  ...Object.entries(filters).map(
    ([name, [filter, methods]]) => [`POE::Filter::${name}`, `${filterMethods} ${methods}`, filter] as const,
  ),
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

describe('what is no method of an object', () => {
  // The first cells of the table: what POE calls the things that have no place here.
  const absent = [...sectionOf('What has no place here').matchAll(/^\| (.+?) \|/gm)]
    .map(([, cell = '']) => cell)
    .join(' ');

  test('constants, variables and switches have their line in the porting guide', () => {
    for (const name of constants.trim().split(/\s+/)) {
      assert.match(absent, new RegExp(`\\b${name.replace(/_$/, '_')}`), `${name} is silently absent`);
    }
  });

  test('methods of classes are there by the rule or have their line', () => {
    for (const [owner, names] of classMethods) {
      for (const name of names.split(' ')) {
        const here = byRule(name) in owner;
        assert.notEqual(here, new RegExp(`\\b${name}\\b`).test(absent), `${name} of ${owner.name}`);
      }
    }
    assert.match(absent, /`POE::Kernel->new`/);
  });

  test('parameters of create and spawn are taken by their names', () => {
    const kernel = new Kernel();
    const taken = (owner: { name: string }, make: () => unknown) => assert.doesNotThrow(make, owner.name);
    const [target, names] = [{ _start() {} }, ['_start']];
    const methods = [[target, names]] as const;
    taken(Session, () => {
      Session.create({
        kernel,
        inlineStates: { _start() {} },
        objectStates: methods,
        packageStates: methods,
        args: [1],
        heap: {},
        options: {},
      });
    });
    taken(NFA, () => {
      const states = { first: methods };
      NFA.spawn({ kernel, inlineStates: {}, objectStates: states, packageStates: states, runstate: {}, options: {} });
    });
  });
});

test('the page on terminals names every function that keys can be bound to', () => {
  const page = readText('docs/guide/readline.md');
  for (const name of Object.keys(FUNCTIONS)) assert.ok(page.includes(`\`${name}\``), name);
});

describe('exceptions in the porting guide', () => {
  test('are exceptions: the rule gives another name, or none is here', () => {
    for (const [name, here] of exceptions) assert.ok(!here.includes(byRule(name)), name);
  });
});

function sampleSession(): Session {
  return Session.create({ kernel: new Kernel(), inlineStates: { _start() {} } });
}
