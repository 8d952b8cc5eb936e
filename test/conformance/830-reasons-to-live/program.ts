import { kernel, Session } from 'poe-kernel';

// Who is alive for which reason: names, tags, children, postbacks and callbacks, watched signals and IDLE, in many small families.

type States = Record<string, (...args: any[]) => unknown>;

async function family(title: string, states: States) {
  console.log(`-- ${title}`);
  Session.create({
    inlineStates: {
      ...states,
      _stop() {
        console.log('  parent stops');
        return 'gone';
      },
      _child({ kernel }, what, child, value) {
        console.log(`  _child ${what} of ${kernel.aliasList(child)} ${value ?? 'nothing'}`);
      },
      _parent() {
        console.log('  parent has another parent');
      },
    },
  });
  await kernel.run();
}

function child(name: string, states: States = {}) {
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet(name);
        return `value of ${name}`;
      },
      _stop() {
        console.log(`  ${name} stops`);
        return `last of ${name}`;
      },
      leave({ kernel }) {
        kernel.aliasRemove(name);
      },
      _parent({ kernel }, from, to) {
        const was = from instanceof Session ? 'POE::Session' : 'POE::Kernel';
        console.log(`  ${name}: from ${was} to ${to === kernel ? 'the kernel' : 'another'}`);
      },
      ...states,
    },
  });
}

await family('a name alone ends by IDLE, and who handles IDLE ends by ZOMBIE', {
  _start({ kernel }) {
    kernel.aliasSet('p');
    for (const name of ['IDLE', 'ZOMBIE']) kernel.sig(name, 'heard');
  },
  heard({ kernel }, name) {
    console.log(`  heard ${name}`);
    kernel.sigHandled();
  },
});

await family('IDLE gives a new lease', {
  _start({ kernel, heap }) {
    kernel.aliasSet('p');
    kernel.sig('IDLE', 'idle');
    heap.left = 2;
  },
  idle({ kernel, heap }) {
    console.log(`  idle, ${heap.left} left`);
    if (heap.left-- > 0) {
      kernel.delay('work', 0.02);
      kernel.sigHandled();
    }
  },
  work() {
    console.log('  works');
  },
});

await family('a tag keeps it, and another session takes the tag away', {
  _start({ kernel, session }) {
    const { id } = session;
    console.log(`  counts ${['a', 'a', 'b'].map((tag) => kernel.refcountIncrement(id, tag)).join(' ')}`);
    child('helper', {
      release({ kernel }) {
        console.log(`  counts ${['a', 'a', 'b'].map((tag) => kernel.refcountDecrement(id, tag)).join(' ')}`);
      },
    });
    kernel.delay('ask', 0.02);
  },
  ask({ kernel }) {
    kernel.post('helper', 'release');
  },
});

await family('a postback in the hands of a child keeps it, a callback too', {
  _start({ kernel, session }) {
    const held = { post: session.postback('answer', 'post'), call: session.callback('answer', 'call') };
    child('keeper', {
      use({ kernel }, which: 'post' | 'call') {
        const result = held[which]('given');
        console.log(`  ${which} gave ${result}`);
        held[which].destroy();
        if (which === 'post') kernel.delay('use', 0.02, 'call');
      },
    });
    kernel.post('keeper', 'use', 'post');
  },
  answer({ kernel, session, sender }, made, given) {
    const to = sender === session ? 'itself' : kernel.aliasList(sender);
    console.log(`  answer ${made} ${given} to ${to}`);
    return 'thanks';
  },
});

await family('children are reasons, and a child that is let go is none', {
  _start({ kernel }) {
    for (const name of ['Ann', 'Bob']) child(name);
    kernel.yield('let_go');
  },
  let_go({ kernel }) {
    console.log(`  let Ann go: ${kernel.detachChild('Ann')}`);
    console.log(`  again: ${kernel.detachChild('Ann') === undefined ? kernel.errno : 'yes'}`);
    kernel.post('Ann', 'leave');
  },
});

await family('a stop in the middle: who hears what', {
  _start({ kernel }) {
    child('Cid', {
      _start({ kernel }) {
        kernel.aliasSet('Cid');
        child('Dan');
        kernel.delay('never', 60);
        return 'born';
      },
    });
    kernel.delay('end', 0.02);
  },
  end({ kernel }) {
    console.log(`  signal: ${kernel.signal('Cid', 'TERM', 'now')}`);
    kernel.delay('after', 0.02);
  },
  after({ kernel }) {
    const place = (name: string) => (kernel.aliasResolve(name) === undefined ? 'gone' : 'there');
    console.log(`  Cid is ${place('Cid')}, Dan is ${place('Dan')}`);
  },
});
console.log('done');
