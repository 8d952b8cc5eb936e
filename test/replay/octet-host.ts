/** A host that gives a kernel its input one octet at a time. */
import { Socket } from 'node:net';
import type { HandleHost } from '../../core/host/handles.ts';
import { nodeHost } from '../../core/host/node-host.ts';

/** After so many single octets of one socket, the middle of a large frame goes in pieces of an odd size. */
const SINGLE_OCTETS = 65_536;
const PIECE = 1021;

/** The part of a host to give to a `Kernel`: of its sockets, one octet is read where up to so many are asked for. */
export function octetHandles(): HandleHost {
  const { handles } = nodeHost();
  const known = new WeakSet<object>();
  return {
    portOf(handle) {
      const port = handles.portOf(handle);
      if (handle instanceof Socket && !known.has(handle)) {
        known.add(handle);
        const read = port.read.bind(port);
        let octets = 0;
        port.read = () => read(++octets > SINGLE_OCTETS ? PIECE : 1);
      }
      return port;
    },
  };
}
