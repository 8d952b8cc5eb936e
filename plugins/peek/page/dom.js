/** Makes an element. Texts become text nodes: nothing that a program names is ever read as HTML. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.map((child) => (child instanceof Node ? child : String(child ?? ''))));
  return made;
}

/** The same within a drawing. */
export function shape(name, properties = {}, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(properties)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

export function byId(id) {
  return document.getElementById(id);
}

/**
 * Shows rows as a table. `columns` are `[title, class, cell]`, where `cell(row)` gives a text or a node.
 */
export function showTable(place, columns, rows, nothing) {
  if (rows.length === 0) {
    place.replaceChildren(element('p', { class: 'dim' }, nothing));
    return;
  }
  const head = columns.map(([title, kind]) => element('th', { class: kind, scope: 'col' }, title));
  const body = rows.map((row) =>
    element('tr', {}, ...columns.map(([, kind, cell]) => element('td', { class: kind }, cell(row)))),
  );
  place.replaceChildren(
    element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...body)),
  );
}

/** A number with few digits: `7`, `0.25`, `12.3`, `1,234`. */
export function short(number) {
  if (number >= 100 || Number.isInteger(number)) return Math.round(number).toLocaleString('en');
  return number >= 10 ? number.toFixed(1) : number.toFixed(2);
}

export function milliseconds(seconds) {
  if (seconds > 0 && seconds < 1e-4) return `${short(seconds * 1e6)} µs`;
  return `${short(seconds * 1000)} ms`;
}

/** How long something has gone on: `3m 20s`. */
export function age(seconds) {
  const [d, h, m, s] = [seconds / 86400, (seconds / 3600) % 24, (seconds / 60) % 60, seconds % 60].map(Math.floor);
  if (d > 0) return `${d}d ${h}h`;
  if (h > 0) return `${h}h ${m}m`;
  return m > 0 ? `${m}m ${s}s` : `${s}s`;
}

export function mebibytes(octets) {
  return octets / 2 ** 20;
}

/** Shortens a text in its midst, for places that have little room. */
export function cut(text, length) {
  if (text.length <= length) return text;
  const half = Math.floor((length - 1) / 2);
  return `${text.slice(0, half)}…${text.slice(-half)}`;
}

/** `session 4 (logger)` as `logger`, for who has a name; others by their number. */
export function callName(name) {
  return /^session \S+ \((.*)\)$/.exec(name)?.[1] ?? name;
}
