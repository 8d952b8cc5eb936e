import { byId, callName, cut, element, shape } from './dom.js';

/** Arrows of the diagram, and who takes part at most. */
const ARROWS = 40;
const PARTIES = 10;
const WIDTH = 150;
const ROW = 30;
const TOP = 46;

/** A sequence diagram of the latest events: time runs down, each arrow is an event or call. */
export class Sequence {
  #events = [];
  #paused = false;
  #own = false;

  constructor() {
    byId('sequence-pause').addEventListener('click', ({ target }) => {
      this.#paused = !this.#paused;
      target.textContent = this.#paused ? 'Go on' : 'Pause';
    });
    byId('sequence-own').addEventListener('change', ({ target }) => {
      this.#own = target.checked;
      this.#draw();
    });
  }

  add({ log }, who) {
    if (this.#paused) return;
    const named = log.map((event) => ({
      ...event,
      from: callName(who(event.source)),
      to: callName(who(event.destination)),
    }));
    this.#events = [...this.#events, ...named].slice(-20 * ARROWS);
    this.#draw();
  }

  #draw() {
    const place = byId('sequence-figure');
    if (byId('sequence').hidden) return;
    const shown = this.#events.filter(({ from, to }) => this.#own || from !== to);
    const parties = partiesOf(shown);
    const arrows = shown.filter(({ from, to }) => parties.has(from) && parties.has(to)).slice(-ARROWS);
    if (arrows.length === 0) {
      place.replaceChildren(
        element('p', { class: 'dim' }, 'No session has sent another anything since this page was opened.'),
      );
      return;
    }
    const used = [...parties].filter((name) => arrows.some(({ from, to }) => from === name || to === name));
    const at = new Map(used.map((name, index) => [name, WIDTH / 2 + index * WIDTH + 90]));
    const height = TOP + arrows.length * ROW + 16;
    const width = used.length * WIDTH + 110;
    const drawing = shape('svg', {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': 'Sequence diagram',
    });
    for (const [name, x] of at) drawing.append(...party(name, x, height));
    for (const [index, event] of arrows.entries()) drawing.append(...arrow(event, at, TOP + index * ROW + 24));
    place.replaceChildren(drawing);
  }
}

/** Those who take part, the latest of them, in the order in which they came. */
function partiesOf(events) {
  const latest = new Set();
  for (const { from, to } of events.toReversed()) {
    for (const name of [to, from]) if (latest.size < PARTIES) latest.add(name);
  }
  const order = new Set(events.flatMap(({ from, to }) => [from, to]));
  return new Set([...order].filter((name) => latest.has(name)));
}

function party(name, x, height) {
  const label = shape('text', { x, y: 25, 'text-anchor': 'middle' }, cut(name, 19));
  label.append(shape('title', {}, name));
  return [
    shape('line', { x1: x, x2: x, y1: 36, y2: height, class: 'life' }),
    shape('rect', { x: x - 66, y: 8, width: 132, height: 28, rx: 6, class: 'box' }),
    label,
  ];
}

function arrow({ time, kind, event, from, to, seconds }, at, y) {
  const start = at.get(from);
  const end = at.get(to);
  const way = Math.sign(end - start);
  const when = shape('text', { x: 4, y: y + 4, class: 'dim' }, new Date(time * 1000).toISOString().slice(14, 23));
  const room = Math.max(Math.abs(end - start), WIDTH) / 7 - 2;
  const words = cut(event, Math.floor(room));
  const group = shape('g', { class: `kind-${kind}` });
  group.append(shape('title', {}, `${kind} '${event}' from ${from} to ${to}, ${(seconds * 1000).toFixed(3)} ms`));
  if (way === 0) {
    group.append(
      shape('path', { class: 'arrow', d: `M${start},${y - 6} h18 v12 h-12` }),
      shape('path', { class: 'head', d: `M${start + 2},${y + 6} l8,-4 v8 z` }),
      shape('text', { x: start + 24, y: y + 4 }, words),
    );
  } else {
    const tip = end - way * 2;
    group.append(
      shape('path', {
        class: 'arrow',
        d: `M${start},${y} H${tip - way * 6}`,
        ...(kind === 'event' ? { 'stroke-dasharray': '5 3' } : {}),
      }),
      shape('path', { class: 'head', d: `M${tip},${y} l${-way * 8},-4 v8 z` }),
      shape('text', { x: (start + end) / 2, y: y - 5, 'text-anchor': 'middle' }, words),
    );
  }
  return [when, group];
}
