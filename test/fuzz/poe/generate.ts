import { Dice } from './dice.ts';
import type { Context, Program, Returned, Step, Target, Template, TimerOp, Value } from './program.ts';

const EVENTS = ['e1', 'e2', 'e3', 'e4', 'e5'];
/** Events that templates handle; what comes beyond is for `_default`, or for nobody. */
const HANDLED = ['e1', 'e2', 'e3', 'e4'];
const ALIASES = ['alpha', 'beta', 'gamma'];
const TAGS = ['x', 'y'];
const WATCHED = ['TERM', 'INT', 'HUP', 'USR1', 'OWN', 'ZOMBIE', 'UIDESTROY', 'IDLE', 'DIE'];
/** DIE and IDLE are the kernel's own. */
const SENT = ['TERM', 'INT', 'HUP', 'QUIT', 'KILL', 'USR1', 'OWN', 'ZOMBIE', 'UIDESTROY'];
const WORDS = ['a', 'b', 'left', 'right'];
const TIMER_OPS: readonly TimerOp[] = ['alarm', 'alarm_add', 'alarm_set', 'delay', 'delay_add', 'delay_set'];

/** Kinds of steps, and how often each is taken when a program has it at all. */
const KINDS = {
  create: 5,
  yield: 5,
  post: 6,
  call: 6,
  timer: 6,
  adjust: 3,
  alias: 4,
  refcount: 3,
  detach: 3,
  sig: 4,
  signal: 3,
  state: 2,
  postback: 4,
  look: 3,
  spin: 2,
  option: 1,
  die: 3,
  stop: 1,
} as const;
type Kind = keyof typeof KINDS;

/** Makes the random program of a seed. */
export function generate(seed: number): Program {
  return new Generator(new Dice(seed)).program();
}

class Generator {
  readonly #dice: Dice;
  /** The kinds of steps this program has, each as often as it weighs. Few kinds in one program meet more often. */
  readonly #kinds: Kind[] = [];
  readonly #bodies: Step[][] = [];
  readonly #templates: number;
  /** POE: a call in list context to a handler that dies fails inside POE. So a program has one or the other. */
  readonly #dies: boolean;
  /** The lowest number of slots that timers are set or moved ahead. */
  readonly #earliest: number;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#dies = dice.chance(40);
    this.#templates = dice.between(1, 4);
    for (const [kind, weight] of Object.entries(KINDS) as [Kind, number][]) {
      if (kind === 'die' && !this.#dies) continue;
      if (kind === 'stop' && !dice.chance(30)) continue;
      if (dice.chance(55)) for (let times = 0; times < weight; times++) this.#kinds.push(kind);
    }
    // Ours stamps posts only roughly while no timer is pending (docs/porting.md). That shows when a timer is set for a time
    // that passed in the same turn, so a program has handlers that take their time or timers in the past.
    this.#earliest = this.#kinds.includes('spin') ? 1 : -4;
    if (this.#kinds.length === 0) this.#kinds.push('yield', 'create', 'post');
  }

  program(): Program {
    const templates = Array.from({ length: this.#templates }, () => this.#template());
    const phases = this.#dice.chance(15) ? 2 : 1;
    const main = Array.from({ length: phases }, () => this.#main());
    return { templates, bodies: this.#bodies, main, limits: { handlers: 120, sessions: 10 } };
  }

  #template(): Template {
    const template: Template = { inline: {}, object: {} };
    const handle = (event: string, often: number): void => {
      if (!this.#dice.chance(often)) return;
      const states = this.#dice.chance(85) ? template.inline : template.object;
      states[event] = this.#body();
    };
    handle('_start', 100);
    for (const event of HANDLED) handle(event, 70);
    handle('_stop', 60);
    handle('_child', 50);
    handle('_parent', 40);
    handle('_default', 25);
    if (this.#dice.chance(15)) template.options = { default: 1 };
    return template;
  }

  /** Makes a body and gives its place. */
  #body(): number {
    const steps: Step[] = [];
    const place = this.#bodies.push(steps) - 1;
    for (let left = this.#dice.between(0, 4); left > 0; left--) steps.push(this.#step(this.#dice.pick(this.#kinds)));
    if (this.#dice.chance(40)) steps.push({ op: 'return', ...this.#returned() });
    return place;
  }

  #main(): Step[] {
    const steps: Step[] = [this.#create()];
    for (let left = this.#dice.between(0, 3); left > 0; left--) {
      const kinds: Kind[] = ['create', 'create', 'post', 'call', 'signal', 'look'];
      steps.push(this.#step(this.#dice.pick(kinds)));
    }
    return steps;
  }

  #step(kind: Kind): Step {
    const dice = this.#dice;
    switch (kind) {
      case 'create':
        return this.#create();
      case 'yield':
        return { op: 'yield', event: this.#event(), args: this.#values() };
      case 'post':
        return { op: 'post', to: this.#target(), event: this.#event(), args: this.#values() };
      case 'call':
        return { op: 'call', to: this.#target(), event: this.#event(), args: this.#values(), ...this.#context() };
      case 'timer':
        return this.#timer();
      case 'adjust':
        return this.#adjust();
      case 'alias':
        return this.#alias();
      case 'refcount': {
        const op = dice.pick(['refcount_increment', 'refcount_decrement'] as const);
        return { op, to: this.#session(), tag: dice.pick(TAGS) };
      }
      case 'detach':
        return dice.chance(50) ? { op: 'detach_myself' } : { op: 'detach_child', to: this.#target() };
      case 'sig': {
        if (dice.chance(40)) return { op: 'sig_handled' };
        const event = dice.chance(85) ? this.#event() : null;
        return { op: 'sig', signal: dice.pick(WATCHED), event, args: this.#values() };
      }
      case 'signal':
        return { op: 'signal', to: this.#target(), signal: dice.pick(SENT), args: this.#values() };
      case 'state':
        return this.#state();
      case 'postback':
        return this.#postback();
      case 'look':
        return this.#look();
      case 'spin':
        return { op: 'spin', slots: dice.between(0, 4) };
      case 'option':
        return { op: 'option', name: 'default', value: dice.pick([0, 1, 1, null]) };
      case 'die':
        return { op: 'die', text: `boom ${dice.between(1, 99)}` };
      case 'stop':
        return { op: 'stop' };
    }
  }

  #create(): Step {
    return { op: 'create', template: this.#dice.between(0, this.#templates - 1), args: this.#values() };
  }

  #timer(): Step {
    const dice = this.#dice;
    const op = dice.pick(TIMER_OPS);
    const event = dice.chance(95) ? this.#event() : null;
    if (dice.chance(10)) return { op, event, in: null, args: [] };
    if (op.startsWith('delay') && dice.chance(15)) return { op, event, in: 'now', args: this.#values() };
    const past = dice.chance(15) && this.#earliest < 0;
    const ahead = past ? dice.between(this.#earliest, -1) : dice.between(1, 8);
    return { op, event, in: ahead, args: this.#values() };
  }

  #adjust(): Step {
    const dice = this.#dice;
    const timer = dice.between(0, 3);
    switch (dice.between(1, 4)) {
      case 1:
        return { op: 'alarm_adjust', timer, by: dice.chance(90) ? dice.between(this.#earliest, 6) : null };
      case 2:
        return { op: 'delay_adjust', timer, in: dice.chance(90) ? dice.between(1, 8) : null };
      case 3:
        return { op: 'alarm_remove', timer };
      default:
        return { op: 'alarm_remove_all' };
    }
  }

  #alias(): Step {
    const name = this.#dice.pick(ALIASES);
    switch (this.#dice.between(1, 6)) {
      case 1:
        return { op: 'alias_remove', name };
      case 2:
        return { op: 'resolve', to: this.#target() };
      case 3:
        return this.#dice.chance(50) ? { op: 'alias_list' } : { op: 'alias_list', to: this.#session() };
      default:
        return { op: 'alias_set', name };
    }
  }

  #state(): Step {
    const event = this.#dice.pick([...EVENTS, '_stop', '_child', '_parent', '_default']);
    if (this.#dice.chance(30)) return { op: 'state', event, body: null };
    const body = this.#dice.between(0, this.#bodies.length - 1);
    if (this.#dice.chance(70)) return { op: 'state', event, body };
    return { op: 'state', event, body, method: this.#dice.chance(50) ? event : this.#event() };
  }

  #postback(): Step {
    const postback = this.#dice.between(0, 3);
    switch (this.#dice.between(1, 8)) {
      case 1:
      case 2:
        return { op: 'postback', event: this.#event(), args: this.#values() };
      case 3:
        return { op: 'callback', event: this.#event(), args: this.#values() };
      case 4:
        return { op: 'weaken', postback };
      case 5:
        return { op: 'drop', postback };
      default:
        return this.#invoke(postback);
    }
  }

  /** Never in void context: a callback of ours does not know that its value is not wanted. */
  #invoke(postback: number): Step {
    const step = { op: 'invoke', postback, args: this.#values(), ...this.#context() } as const;
    return step.context === 'void' ? { ...step, context: 'scalar' } : step;
  }

  #look(): Step {
    switch (this.#dice.between(1, 4)) {
      case 1:
        return { op: 'count' };
      case 2:
        return { op: 'active' };
      case 3:
        return { op: 'id_of', to: this.#session() };
      default:
        return { op: 'session_of', to: this.#session() };
    }
  }

  #event(): string {
    return this.#dice.pick(EVENTS);
  }

  #target(): Target {
    const roll = this.#dice.between(0, 99);
    if (roll < 6) return { by: 'kernel' };
    if (roll < 10) return { by: 'nobody' };
    if (roll < 30) return { by: 'alias', name: this.#dice.pick(ALIASES) };
    if (roll < 50) return { by: this.#dice.pick(['id', 'text'] as const), n: this.#dice.between(0, 4) };
    return this.#session();
  }

  #session(): Target {
    return { by: 'object', n: this.#dice.between(0, 4) };
  }

  #context(): { context: Context; catch?: boolean } {
    const context = this.#dice.pick<Context>(this.#dies ? ['void', 'scalar'] : ['void', 'scalar', 'list']);
    return this.#dies && this.#dice.chance(30) ? { context, catch: true } : { context };
  }

  #returned(): Returned {
    switch (this.#dice.between(1, 4)) {
      case 1:
        return { kind: 'none' };
      case 2:
        return { kind: 'list', values: this.#values() };
      default:
        return { kind: 'value', value: this.#value() };
    }
  }

  #values(): Value[] {
    const values: Value[] = [];
    while (values.length < 5 && this.#dice.chance(35)) values.push(this.#value());
    return values;
  }

  #value(): Value {
    const roll = this.#dice.between(0, 99);
    if (roll < 40) return this.#dice.between(0, 9);
    if (roll < 80) return this.#dice.pick(WORDS);
    if (roll < 90) return null;
    return roll < 97 ? this.#session() : { by: 'kernel' };
  }
}
