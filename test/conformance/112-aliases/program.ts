import { kernel, Session } from 'poe-kernel';

Session.create({
  inlineStates: {
    _start({ kernel }) {
      console.log(`keeper set: ${kernel.aliasSet('vault')}`);
    },
    release({ kernel }) {
      console.log(`keeper remove: ${kernel.aliasRemove('vault')}`);
    },
  },
});

Session.create({
  inlineStates: {
    _start({ kernel, session }) {
      console.log(`taken: ${kernel.aliasSet('vault')}`);
      console.log(`mine: ${kernel.aliasSet('zeta')}`);
      console.log(`mine again: ${kernel.aliasSet('zeta')}`);
      for (const name of ['alpha', 'mid']) kernel.aliasSet(name);
      const names = kernel.aliasList() ?? [];
      console.log(`list: ${names.join(' ')}`);
      console.log(`scalar list: ${kernel.aliasList()?.[0]}`);
      console.log(`list of other: ${kernel.aliasList(kernel.aliasResolve('vault'))?.join(',')}`);
      console.log(`list by own alias: ${kernel.aliasList('mid')?.length}`);
      kernel.errno = 0;
      const unknown = kernel.aliasList('nobody') ?? [];
      console.log(`list of unknown: ${unknown.length} ${kernel.errno}`);

      console.log(`resolve alias: ${kernel.aliasResolve('alpha') === session ? 'me' : 'other'}`);
      console.log(`resolve id: ${kernel.aliasResolve(session.id) === session ? 'me' : 'other'}`);
      console.log(`resolve object: ${kernel.aliasResolve(session) === session ? 'me' : 'other'}`);
      console.log(`resolve unknown: ${kernel.aliasResolve('nobody') === undefined ? 'undef' : 'found'}`);

      console.log(`remove unknown: ${kernel.aliasRemove('nobody')}`);
      console.log(`remove other's: ${kernel.aliasRemove('vault')}`);
      console.log(`remove: ${kernel.aliasRemove('alpha')}`);
      console.log(`remove twice: ${kernel.aliasRemove('alpha')}`);
      kernel.call('vault', 'release');
      console.log(`free now: ${kernel.aliasSet('vault')}`);
      console.log(`list: ${kernel.aliasList()?.join(' ')}`);
    },
    _stop({ kernel }) {
      console.log(`stop, aliases at stop: ${kernel.aliasList()?.join(' ')}`);
    },
  },
});

await kernel.run();
