import { byId, element, milliseconds } from './dom.js';

/** Events that are kept, and shown. */
const KEPT = 2000;
const SHOWN = 400;
const KINDS = ['event', 'call', 'signal', 'start', 'stop'];

/** The log of handlers that have run, the latest first. */
export class Log {
  #events = [];
  #left = 0;
  #paused = false;
  #kinds = new Set(KINDS);
  #text = '';

  constructor() {
    byId('log-kinds').append(
      ...KINDS.map((kind) => {
        const toggle = ({ target }) => {
          if (target.checked) this.#kinds.add(kind);
          else this.#kinds.delete(kind);
          this.#draw();
        };
        const box = element('input', { type: 'checkbox', checked: true, onchange: toggle });
        return element('label', { class: `kind-${kind}` }, box, kind);
      }),
    );
    byId('log-text').addEventListener('input', ({ target }) => {
      this.#text = target.value.toLowerCase();
      this.#draw();
    });
    byId('log-pause').addEventListener('click', ({ target }) => {
      this.#paused = !this.#paused;
      target.textContent = this.#paused ? 'Go on' : 'Pause';
    });
    byId('log-clear').addEventListener('click', () => {
      this.#events = [];
      this.#left = 0;
      this.#draw();
    });
  }

  /** `who` gives the name of a session by its number; it is asked now, as the session may end. */
  add({ log, left }, who) {
    if (this.#paused) return;
    const named = log.map((event) => ({ ...event, from: who(event.source), to: who(event.destination) }));
    this.#events = [...named.reverse(), ...this.#events].slice(0, KEPT);
    this.#left += left;
    this.#draw();
  }

  #draw() {
    const wanted = this.#events.filter(({ kind, event, from, to }) => {
      return (
        this.#kinds.has(kind) && (this.#text === '' || `${event} ${from} ${to}`.toLowerCase().includes(this.#text))
      );
    });
    byId('log-count').textContent =
      `${wanted.length} of ${this.#events.length} events${this.#left > 0 ? `; ${this.#left} more came too fast` : ''}`;
    if (byId('log').hidden) return;
    const titles = [['Time'], ['Kind'], ['Event'], ['From'], ['To'], ['Took', 'number']];
    const rows = wanted
      .slice(0, SHOWN)
      .map(({ time, kind, event, from, to, seconds }) =>
        element(
          'tr',
          {},
          element('td', { class: 'short code' }, new Date(time * 1000).toISOString().slice(11, 23)),
          element('td', { class: `short kind-${kind}` }, kind),
          element('td', { class: 'code' }, event),
          element('td', {}, from),
          element('td', {}, to),
          element('td', { class: 'number' }, milliseconds(seconds)),
        ),
      );
    byId('log-table').replaceChildren(
      element(
        'table',
        {},
        element(
          'thead',
          {},
          element('tr', {}, ...titles.map(([title, kind]) => element('th', { class: kind, scope: 'col' }, title))),
        ),
        element('tbody', {}, ...rows),
      ),
    );
  }
}
