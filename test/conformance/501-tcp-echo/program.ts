import { kernel } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';

let port: number | undefined;
const serverId = ServerTCP.create({
  alias: 'echo',
  address: '127.0.0.1',
  port: 0,
  started({ heap }) {
    port = heap.listener.getsockname()?.port;
    console.log(`server: started, port ${port ? 'known' : 'unknown'}`);
  },
  stopped() {
    console.log('server: stopped');
  },
  clientConnected({ heap }, ...args) {
    console.log(
      `server: client from ${heap.remoteIp}, port ${heap.remotePort ? 'known' : 'unknown'}, args ${args.length}`,
    );
    heap.client.put('welcome');
  },
  clientInput({ heap }, line, id) {
    console.log(`server: input '${line}', wheel ${id === heap.client.id ? 'mine' : 'other'}`);
    heap.client.put(`echo ${line}`);
  },
  clientDisconnected({ kernel }) {
    console.log('server: client disconnected');
    kernel.post('echo', 'shutdown');
  },
});
console.log(
  `server id is a number: ${/^\d+$/.test(String(serverId)) ? 'yes' : 'no'}, alias resolves to it: ` +
    `${kernel.aliasResolve('echo')?.id === serverId ? 'yes' : 'no'}`,
);

ClientTCP.create({
  alias: 'client',
  remoteAddress: '127.0.0.1',
  remotePort: port,
  started() {
    console.log('client: started');
  },
  connected({ heap }, _socket, _addr, peerPort) {
    console.log(
      `client: connected, port matches ${peerPort === port ? 'yes' : 'no'}, heap says connected ${heap.connected}`,
    );
  },
  serverInput({ kernel, heap }, line) {
    console.log(`client: got '${line}'`);
    if (line === 'welcome') heap.server.put('one');
    else if (line === 'echo one') heap.server.put('two');
    else kernel.yield('shutdown');
  },
  serverFlushed() {
    console.log('client: flushed');
  },
  disconnected() {
    console.log('client: disconnected');
  },
});
await kernel.run();
console.log('run returned');
