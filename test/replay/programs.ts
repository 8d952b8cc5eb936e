/** The client programs of a recording: which connections belong to one, and what it was set to. */
import type { Connection, Conversation } from './conversation.ts';
import type { Observation } from './recording.ts';

export interface Program {
  /** What it is called in the observations. */
  at: string;
  connections: Connection[];
  /** It announces nothing but its name, as ClientLite does. */
  isLite: boolean;
  /** Its kernel ID; that of a ClientLite is its name. */
  id: string;
  name: string;
  aliases: string[];
  protocol: 'IKC' | 'IKC0';
  freezers: string[];
  observed: Observation[];
}

export function programsOf({ connections, recording }: Conversation): Program[] {
  const groups = new Map<string, Connection[]>();
  for (const connection of connections.values()) {
    const [id] = connection.names.client;
    if (id !== undefined) groups.set(id, [...(groups.get(id) ?? []), connection]);
  }
  const single = 'client' in recording.exit;
  return [...groups].map(([id, own], index): Program => {
    const [{ names, clientProtocol, freezers }] = own as [Connection];
    const [, name, ...others] = names.client;
    const at = single ? 'client' : `client${index + 1}`;
    return {
      at,
      connections: own,
      isLite: names.client.length === 1,
      id,
      name: name ?? id,
      aliases: others.slice(0, -1),
      protocol: clientProtocol,
      freezers: freezers.length > 0 ? freezers : ['Storable'],
      observed: (recording.observed ?? []).filter((each) => each.at === at),
    };
  });
}
