import { readFileSync } from 'node:fs';

const DATABASE = '/etc/services';

/** Well-known services, where the system has no list of them. */
const WELL_KNOWN = `
  echo 7/tcp
  echo 7/udp
  discard 9/tcp sink
  discard 9/udp sink
  daytime 13/tcp
  daytime 13/udp
  ftp 21/tcp
  ssh 22/tcp
  telnet 23/tcp
  smtp 25/tcp mail
  time 37/tcp
  time 37/udp
  domain 53/tcp
  domain 53/udp
  tftp 69/udp
  gopher 70/tcp
  finger 79/tcp
  http 80/tcp www
  pop3 110/tcp
  ident 113/tcp auth
  nntp 119/tcp
  ntp 123/udp
  imap2 143/tcp imap
  snmp 161/udp
  irc 194/tcp
  https 443/tcp
  syslog 514/udp
  imaps 993/tcp
  pop3s 995/tcp
`;

/** Ports by `name/protocol`; read when the first is asked for. */
let ports: ReadonlyMap<string, number> | undefined;

/**
 * The port of a service by its name or one of its other names.
 * @remarks Mirrors Perl's `getservbyname`.
 */
export function servicePort(name: string, protocol: 'tcp' | 'udp'): number | undefined {
  ports ??= readServices();
  return ports.get(`${name}/${protocol}`);
}

function readServices(): ReadonlyMap<string, number> {
  let own = '';
  try {
    own = readFileSync(DATABASE, 'utf8');
  } catch {
    // A system without the list: the well-known services have to do.
  }
  return parseServices(`${own}\n${WELL_KNOWN}`);
}

/** Reads lines as in `http 80/tcp www # comment`. What comes first counts. */
export function parseServices(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [name, at = '', ...others] = (line.split('#')[0] as string).trim().split(/\s+/);
    const [, port, protocol] = /^(\d{1,5})\/(\w+)$/.exec(at) ?? [];
    if (name === undefined || port === undefined) continue;
    for (const each of [name, ...others]) {
      const key = `${each}/${protocol}`;
      if (!found.has(key)) found.set(key, Number(port));
    }
  }
  return found;
}
