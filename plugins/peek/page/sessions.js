import { byId, element, milliseconds, short } from './dom.js';

/** The tree of sessions, and one of them in full. */
export class Sessions {
  #chosen;
  #report;
  #writable = false;
  /** What was typed is kept while reports come in. */
  #form = this.#makeForm();

  set writable(writable) {
    this.#writable = writable;
  }

  show(report) {
    this.#report = report;
    const { sessions, top } = report;
    const rates = new Map(top.busiest.map(({ id, rate }) => [id, rate]));
    const known = new Set(sessions.map(({ id }) => id));
    const below = (parent) => sessions.filter((session) => session.parent === parent);
    const branch = (session) => {
      const children = below(session.id);
      return element(
        'div',
        { role: 'group' },
        this.#node(session, rates.get(session.id) ?? 0),
        ...(children.length === 0 ? [] : [element('div', { class: 'branch' }, ...children.map(branch))]),
      );
    };
    // Those whose parent is the kernel, or one of many that are not shown.
    const roots = sessions.filter(({ parent }) => !known.has(parent));
    const more = top.kernel.counts.sessions - sessions.length;
    const focused = document.activeElement?.dataset?.session;
    byId('tree').replaceChildren(
      ...roots.map(branch),
      ...(more > 0 ? [element('p', { class: 'dim' }, `and ${more} more`)] : []),
    );
    if (focused !== undefined)
      byId('tree')
        .querySelector(`[data-session="${CSS.escape(focused)}"]`)
        ?.focus();
    this.#detail();
  }

  #node(session, rate) {
    const { id, name, aliases, type, refcount } = session;
    const wrong = refcount.held !== refcount.counted;
    return element(
      'button',
      {
        class: 'node',
        type: 'button',
        role: 'treeitem',
        'data-session': id,
        'aria-selected': String(id === this.#chosen),
        onclick: () => {
          this.#chosen = id;
          this.show(this.#report);
        },
      },
      element('span', { class: 'id' }, id),
      element(
        'span',
        { class: wrong ? 'what wrong' : 'what' },
        aliases.join(', ') || name,
        ...(type === 'Session' ? [] : [` · ${type}`]),
      ),
      element('span', { class: 'rate' }, rate > 0 ? `${short(rate)}/s` : ''),
    );
  }

  #detail() {
    const session = this.#report.sessions.find(({ id }) => id === this.#chosen);
    const place = byId('detail');
    if (session === undefined) {
      if (this.#chosen !== undefined) place.replaceChildren(element('p', { class: 'dim' }, 'This session has ended.'));
      return;
    }
    const { name, type, phase, parent, children, aliases, events, signals, extrefs, processes, refcount, reasons } =
      session;
    const activity = this.#report.top.busiest.find(({ id }) => id === session.id);
    const wrong = refcount.held === refcount.counted ? '' : `, but ${refcount.counted} were counted`;
    const facts = [
      ['Class', type === 'Session' && phase === 'running' ? '' : `${type}, ${phase}`],
      ['Parent', parent === this.#report.top.id ? 'the kernel' : `session ${parent}`],
      ['Children', children.join(', ')],
      ['Aliases', aliases.join(', ')],
      ['References', `${refcount.held}${wrong}`],
      ['Activity', activity && `${short(activity.rate)} events/s, busy ${short(activity.busy * 100)} %`],
      ['Handlers', events.join(', ')],
      ['Signals', signals.map(({ signal, event }) => `${signal} → ${event}`).join(', ')],
      ['Tags', extrefs.map(({ tag, count }) => (count === 1 ? tag : `${tag} ×${count}`)).join(', ')],
      ['Processes', processes.map(({ pid }) => pid).join(', ')],
    ].filter(([, value]) => value);
    const reasonList = reasons.map(({ text, weak }) => element('li', { class: weak && 'weak' }, text));
    place.replaceChildren(
      element('h2', {}, name),
      element(
        'p',
        { class: 'dim' },
        reasons.length === 0 ? 'Nothing keeps it alive: it ends with this pass.' : 'What keeps it alive:',
      ),
      element('ul', { class: 'reasons' }, ...reasonList),
      element('dl', {}, ...facts.flatMap(([key, value]) => [element('dt', {}, key), element('dd', {}, value)])),
      ...(this.#writable ? [this.#form] : []),
    );
  }

  #makeForm() {
    const event = element('input', {
      name: 'event',
      placeholder: 'event',
      autocomplete: 'off',
      required: true,
      'aria-label': 'Event',
    });
    const told = element('span', { class: 'dim', role: 'status' });
    const submit = async (submitted) => {
      submitted.preventDefault();
      const answer = await fetch('/post', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ session: this.#chosen, event: event.value }),
      });
      told.textContent = await answer.text();
    };
    return element('form', { class: 'bar', onsubmit: submit }, event, element('button', {}, 'Post'), told);
  }
}

/** The busiest sessions of the overview, as rows for a table. */
export const BUSIEST = [
  ['Session', '', ({ name }) => name],
  ['Events/s', 'number', ({ rate }) => short(rate)],
  ['Busy', 'number', ({ busy }) => `${short(busy * 100)} %`],
  ['Per event', 'number', ({ rate, busy }) => (rate === 0 ? '' : milliseconds(busy / rate))],
  ['Waiting', 'number', ({ waiting }) => waiting],
];
