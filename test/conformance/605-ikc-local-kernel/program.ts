import { kernel, Session } from 'poe-kernel';
import { Server } from 'poe-kernel/ikc';

Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Home', aliases: ['House', 'Flat'] });

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('kitchen');
      kernel.call('IKC', 'publish', 'kitchen', ['cook', 'ring']);
      const published = kernel.call('IKC', 'published', 'kitchen');
      console.log(`published: ${published.sort().join(' ')}`);
      kernel.delay('ready', 0.1);
    },
    ready({ kernel }) {
      kernel.post('guest', 'begin');
    },
    cook(_, what) {
      console.log(`cook ${what}`);
      return `a plate of ${what}`;
    },
    ring(_, how) {
      console.log(`ring ${how}`);
    },
    burn() {
      console.log('burn was reached');
    },
    close({ kernel }) {
      kernel.aliasRemove('kitchen');
    },
  },
});

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('guest');
      kernel.post('IKC', 'monitor', '*', { error: 'error' });
    },
    begin({ kernel }) {
      kernel.post('IKC', 'call', 'poe://Home/kitchen/cook', 'soup', 'poe:served');
      kernel.post('IKC', 'call', 'poe://Flat/kitchen/cook', 'rice', 'poe:served');
      kernel.post('IKC', 'post', 'poe://House/kitchen/ring', 'once');
      kernel.post('IKC', 'post', 'poe://*/kitchen/ring', 'everywhere');
      kernel.post('IKC', 'post', 'poe://Home/kitchen/burn', 'x');
      kernel.delay('done', 0.2);
    },
    served(_, what) {
      console.log(`served: ${what}`);
    },
    error(_, _name, _kernelName, _real, _data, stage, text) {
      console.log(`error: ${stage}: ${text.replace(/\.? +Request.*/s, '').trimEnd()}`);
    },
    done({ kernel }) {
      console.log('done');
      kernel.aliasRemove('guest');
      kernel.post('kitchen', 'close');
      kernel.post('IKC', 'shutdown');
    },
  },
});

await kernel.run();
console.log('run returned');
