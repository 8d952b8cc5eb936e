/** The second kernel of the tour. */
import { kernel, Session } from 'poe-kernel';
import { Client, Responder } from 'poe-kernel/ikc';
import { steps } from './steps.ts';

const step = steps('client');
const GUESTBOOK = 'poe://Tour/guestbook';

Client.spawn({
  port: Number(process.argv[2]),
  name: 'Visitor',
  onConnect() {
    step('is connected to the kernel Tour');
    Session.create({
      inlineStates: {
        _start({ kernel }) {
          kernel.aliasSet('visitor');
          kernel.call('IKC', 'publish', 'visitor', ['greeting']);
          kernel.call('IKC', 'monitor', '*', { error: 'refused' });

          kernel.post('IKC', 'post', `${GUESTBOOK}/sign`, 'Ada');
          step('posts Ada to sign');
          kernel.post('IKC', 'call', `${GUESTBOOK}/signed`, null, 'poe:signed');
        },
        signed({ kernel }, names) {
          step(`calls signed; the answer comes as an event: ${names.join(', ')}`);
          kernel.post('IKC', 'subscribe', [GUESTBOOK], 'subscribed');
        },
        async subscribed({ kernel }, granted) {
          step(`subscribes to ${granted.join(', ')}; a proxy called guestbook stands for it now`);
          kernel.post('guestbook', 'sign', 'Grace', 'Alan');
          step('posts two names through the proxy, as if the session were here');
          const names = (await Responder.spawn().call(`${GUESTBOOK}/signed`, null, { timeout: 5 })) as string[];
          step(`awaits a call of signed: ${names.join(', ')}`);
          kernel.post('guestbook', 'greet', 'Visitor');
        },
        greeting({ kernel }, text) {
          step(`asked to be greeted, and is posted back by its SENDER: ${text}`);
          kernel.post('IKC', 'post', `${GUESTBOOK}/burn`, null);
        },
        refused({ kernel }, _monitored, _kernel, _real, _data, operation, text) {
          step(`tries what is not published, and its monitor is told: ${operation}, ${text.split('.')[0]}`);
          kernel.aliasRemove('visitor');
          kernel.post('IKC', 'shutdown');
        },
      },
    });
  },
  onError(operation, _errno, message) {
    step(`cannot ${operation}: ${message}`);
    process.exitCode = 1;
  },
});

await kernel.run();
step('has nothing left to do, its kernel stops');
