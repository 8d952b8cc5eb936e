import { type Link, namesOf } from './link.ts';

/** A way to another kernel, or to the own one, as it stands: what {@link Responder.links} gives. */
export interface LinkRecord {
  /** The real name of the other kernel; empty while the handshake goes on. */
  readonly kernel: string;
  /** Its other names that lead to it. */
  readonly aliases: readonly string[];
  /** The session of the channel. */
  readonly session: number;
  /** `away` is one that is down and is to come back; `local` leads to this kernel itself. */
  readonly state: 'up' | 'handshake' | 'away' | 'local';
  /** Whether it is meant where no kernel is named. */
  readonly isDefault: boolean;
}

/** Whom a kernel name means: links by real name, aliases, and the default kernel. */
export class Kernels {
  readonly #byRealName = new Map<string, Link>();
  readonly #byAlias = new Map<string, Link>();
  /** Links that are not registered, because their handshake goes on or their name is taken. */
  readonly #unregistered = new Set<Link>();
  /** Links that are down and are to come back, by each of their names. */
  readonly #away = new Map<string, Link>();
  #default: Link | null = null;

  /** Every link, registered or not. */
  all(): Link[] {
    return [...this.#byRealName.values(), ...this.#unregistered];
  }

  /** Notes a link whose handshake has begun. */
  begin(link: Link): void {
    this.#unregistered.add(link);
  }

  /**
   * Registers a link under its real name and those of its aliases that are free.
   * @returns False if the real name is taken, even as an alias: the link stays, but cannot be reached by name.
   */
  register(link: Link, realName: string, aliases: readonly string[]): boolean {
    if (this.find(realName) !== undefined) return false;
    this.#unregistered.delete(link);
    link.realName = realName;
    this.#byRealName.set(realName, link);
    this.addAliases(link, aliases);
    this.#default ??= link.isLocal ? null : link;
    return true;
  }

  /** Gives a link more names; those that are taken stay with their owners. */
  addAliases(link: Link, aliases: readonly string[]): void {
    const free = aliases.filter((name) => !this.#byAlias.has(name) && !this.#byRealName.has(name));
    for (const name of free) this.#byAlias.set(name, link);
    link.aliases = link.aliases.concat([...new Set(free)]);
  }

  /** Forgets a link with its names. Returns the names it had. */
  unregister(link: Link): readonly string[] {
    if (this.#unregistered.delete(link) || !this.isRegistered(link)) return [];
    const names = namesOf(link);
    this.#byRealName.delete(link.realName);
    for (const name of link.aliases) this.#byAlias.delete(name);
    // POE: the next one to register becomes the default.
    if (this.#default === link) this.#default = null;
    return names;
  }

  /** The link that a name means. */
  find(name: string): Link | undefined {
    return this.#byAlias.get(name) ?? this.#byRealName.get(name);
  }

  /**
   * The links that a name means: all of them for `*`, the default one for the empty name. One that is down is meant by its name
   * unless somebody else has that now; it is not among all.
   */
  select(name: string): Link[] {
    if (name === '*') return [...this.#byRealName.values()];
    const link = name === '' ? this.#default : (this.find(name) ?? this.#away.get(name));
    return link === null || link === undefined ? [] : [link];
  }

  /** Whether a name means a link that is down and is to come back. */
  isAway(name: string): boolean {
    return name === '' ? this.#isAwayLink(this.#default) : this.find(name) === undefined && this.#away.has(name);
  }

  #isAwayLink(link: Link | null): boolean {
    return link !== null && this.#away.get(link.realName) === link;
  }

  isDefault(link: Link): boolean {
    return this.#default === link;
  }

  /** Puts a link that stands for one that is down in its place. */
  setAway(link: Link, isDefault: boolean): void {
    for (const name of namesOf(link)) this.#away.set(name, link);
    if (isDefault) this.#default = link;
  }

  /** Takes it away again. `successor` is the link that has come back. */
  endAway(link: Link, successor: Link | null): void {
    for (const name of namesOf(link)) if (this.#away.get(name) === link) this.#away.delete(name);
    if (this.#default === link) this.#default = successor;
  }

  /** Every link that is down and is to come back. */
  allAway(): Link[] {
    return [...new Set(this.#away.values())];
  }

  /** All of them as plain values: first those that are up, then those whose handshake goes on, then those that are down. */
  records(): LinkRecord[] {
    const record = (link: Link, state: LinkRecord['state']): LinkRecord => ({
      kernel: link.realName,
      aliases: [...link.aliases],
      session: link.sessionId,
      state,
      isDefault: this.#default === link,
    });
    return [
      ...[...this.#byRealName.values()].map((link) => record(link, link.isLocal ? 'local' : 'up')),
      ...[...this.#unregistered].map((link) => record(link, 'handshake')),
      ...this.allAway().map((link) => record(link, 'away')),
    ];
  }

  get hasDefault(): boolean {
    return this.#default !== null;
  }

  /** Whether a link bears its real name; another one may have been there first. */
  isRegistered(link: Link): boolean {
    return this.#byRealName.get(link.realName) === link;
  }

  isRealName(name: string): boolean {
    return this.#byRealName.has(name);
  }

  /** Makes a kernel the default one. False if it is unknown. */
  setDefault(name: string): boolean {
    const link = this.find(name);
    if (link === undefined) return false;
    this.#default = link;
    return true;
  }
}
