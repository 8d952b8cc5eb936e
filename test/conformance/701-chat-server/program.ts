import { type HandlerContext, type Kernel, kernel, Session } from 'poe-kernel';
import { Line, ReadWrite, SocketFactory } from 'poe-kernel/wheels';

interface Client {
  wheel: ReadWrite;
  room: string;
  nick?: string;
  idle?: number;
  timer?: number | undefined;
  closing?: boolean;
}
type View = Pick<Kernel, 'alarmRemove'>;

class ChatServer {
  readonly idle: number;
  readonly client = new Map<number, Client>();
  listener: SocketFactory | undefined;
  port: number | undefined;

  static spawn({ idle }: { idle: number }): ChatServer {
    const self = new ChatServer(idle);
    const names = ['_start', '_stop', 'accepted', 'failed', 'input', 'gone', 'flushed', 'idle', 'shutdown'];
    Session.create({ objectStates: [[self, Object.fromEntries(names.map((name) => [name, `on_${name}`]))]] });
    return self;
  }

  constructor(idle: number) {
    this.idle = idle;
  }

  on__start({ kernel }: HandlerContext): void {
    kernel.aliasSet('chat');
    this.listener = new SocketFactory({
      bindAddress: '127.0.0.1',
      bindPort: 0,
      reuse: 1,
      successEvent: 'accepted',
      failureEvent: 'failed',
    });
    const own = this.listener.getsockname();
    if (own?.family === 4) this.port = own.port;
  }

  on_accepted(_: HandlerContext, socket: object): void {
    const wheel = new ReadWrite({
      handle: socket,
      filter: new Line({ literal: '\n' }),
      inputEvent: 'input',
      errorEvent: 'gone',
      flushedEvent: 'flushed',
    });
    this.client.set(wheel.id, { wheel, room: 'lobby' });
    wheel.put('who are you?');
  }

  on_failed(_: HandlerContext, operation: string): void {
    console.log(`server: ${operation} failed`);
  }

  tell(id: number, text: string): void {
    const c = this.client.get(id);
    if (c && !c.closing) c.wheel.put(text);
  }

  members(room: string): [number, Client][] {
    return [...this.client]
      .filter(([, c]) => c.nick !== undefined && c.room === room)
      .sort(([, a], [, b]) => (String(a.nick) < String(b.nick) ? -1 : 1));
  }

  sayIn(room: string, text: string, except?: number): void {
    for (const [id] of this.members(room)) if (id !== except) this.tell(id, text);
  }

  byNick(nick: string | undefined): number | undefined {
    return [...this.client].find(([, c]) => c.nick === nick)?.[0];
  }

  on_input({ kernel }: HandlerContext, line: string, id: number): void {
    const c = this.client.get(id);
    if (!c || c.closing) return;
    if (c.timer) kernel.alarmRemove(c.timer);
    delete c.timer;
    const [, command, word = '', text] = /^\/(\w+)(?: ([\w.]+)(?: (.*))?)?/.exec(line) ?? [];
    if (c.nick === undefined) {
      if (this.byNick(line) !== undefined) {
        this.tell(id, `nickname ${line} is taken`);
        return;
      }
      c.nick = line;
      this.tell(id, `welcome ${line}`);
      this.sayIn('lobby', `* ${line} joins`, id);
    } else if (command === 'join') {
      this.sayIn(c.room, `* ${c.nick} leaves for ${word}`, id);
      c.room = word;
      this.sayIn(word, `* ${c.nick} comes in`, id);
      const nicks = this.members(word).map(([, each]) => each.nick);
      this.tell(id, `here: ${nicks.join(' ')}`);
    } else if (command === 'msg') {
      const to = this.byNick(word);
      this.tell(id, to === undefined ? `no ${word} here` : `-> ${word}`);
      if (to !== undefined) this.tell(to, `*${c.nick}* ${text}`);
    } else if (command === 'idle') {
      c.idle = Number(word);
      this.tell(id, `idle after ${word}`);
    } else if (command === 'quit') {
      this.tell(id, 'bye');
      c.closing = true;
      return;
    } else if (line.startsWith('/')) this.tell(id, 'unknown command');
    else this.sayIn(c.room, `<${c.nick}> ${line}`, id);
    c.timer = kernel.delaySet('idle', c.idle ?? this.idle, id);
  }

  drop(kernel: View, id: number, why: string): void {
    const c = this.client.get(id);
    if (!c) return;
    this.client.delete(id);
    c.wheel.destroy();
    if (c.timer) kernel.alarmRemove(c.timer);
    if (c.nick !== undefined) this.sayIn(c.room, `* ${c.nick} has left (${why})`);
  }

  on_gone({ kernel }: HandlerContext, op: string, errno: number, _text: string, id: number): void {
    this.drop(kernel, id, errno ? `error in ${op}` : 'connection closed');
  }

  on_flushed({ kernel }: HandlerContext, id: number): void {
    if (this.client.get(id)?.closing) this.drop(kernel, id, 'quit');
  }

  on_idle(_: HandlerContext, id: number): void {
    delete this.client.get(id)?.timer;
    this.tell(id, 'are you still there?');
  }

  on_shutdown({ kernel }: HandlerContext): void {
    this.listener?.destroy();
    for (const [id, c] of [...this.client].sort(([a], [b]) => a - b)) {
      this.tell(id, 'server closes');
      c.closing = true;
    }
    kernel.aliasRemove('chat');
  }

  on__stop(): void {
    console.log(`server: stopped, clients left ${this.client.size}`);
  }
}

const server = ChatServer.spawn({ idle: 60 });
let heard: string[] = [];

function client(name: string): void {
  Session.create({
    inlineStates: {
      _start({ kernel, heap }) {
        kernel.aliasSet(name);
        heap.wheel = new SocketFactory({
          remoteAddress: '127.0.0.1',
          remotePort: Number(server.port),
          successEvent: 'up',
          failureEvent: 'down',
        });
      },
      up({ heap }, handle) {
        heap.wheel.destroy();
        heap.wheel = new ReadWrite({
          handle,
          filter: new Line({ literal: '\n' }),
          inputEvent: 'line',
          errorEvent: 'down',
        });
      },
      line(_, line) {
        heard.push(`${name}: ${line}`);
      },
      say({ heap }, text) {
        heap.wheel.put(text);
      },
      cut({ kernel, heap }) {
        heap.wheel.destroy();
        kernel.aliasRemove(name);
      },
      down({ kernel, heap }, op, errno) {
        heard.push(`${name}: (${op} ${errno})`);
        heap.wheel.destroy();
        kernel.aliasRemove(name);
      },
    },
  });
}

function say(who: string, text: string): void {
  kernel.post(who, 'say', text);
}

const script: [string, () => void, number?][] = [
  ['ann and bob connect', () => ['ann', 'bob'].forEach(client)],
  ['ann names herself', () => say('ann', 'ann')],
  ['bob takes her name', () => say('bob', 'ann')],
  ['bob tries again', () => say('bob', 'bob')],
  ['talk', () => say('ann', 'hello all')],
  ['cid connects', () => client('cid')],
  ['cid names himself', () => say('cid', 'cid')],
  ['bob moves', () => say('bob', '/join kitchen')],
  [
    'two rooms',
    () => {
      say('bob', 'alone?');
      say('cid', 'anyone here');
    },
  ],
  [
    'private',
    () => {
      say('ann', '/msg bob psst');
      say('cid', '/msg dan hi');
    },
  ],
  ['cid follows', () => say('cid', '/join kitchen')],
  ['bob cuts the line', () => kernel.post('bob', 'cut')],
  ['cid quits', () => say('cid', '/quit')],
  ['odd command', () => say('ann', '/dance')],
  ['a long pause', () => say('ann', '/idle 0.3'), 0.8],
  ['late connects', () => client('late')],
  ['shutdown', () => kernel.post('chat', 'shutdown')],
  ['end', () => {}],
];

function printHeard(): void {
  for (const line of heard.sort()) console.log(`  ${line}`);
  heard = [];
}

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.yield('step');
    },
    step({ kernel }) {
      printHeard();
      const step = script.shift();
      if (!step) return;
      console.log(step[0]);
      step[1]();
      kernel.delay('step', step[2] || 0.15);
    },
  },
});
await kernel.run();
printHeard();
console.log('run returned');
