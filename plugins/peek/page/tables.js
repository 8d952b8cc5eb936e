import { byId, element, showTable } from './dom.js';

/** Shows queue, handles, signals, kernels and what plugins have added. */
export function showTables({ queue, handles, signals, kernels, sections, top, sessions }) {
  const { time, counts } = top.kernel;
  const names = new Map(sessions.map(({ id, name }) => [id, name]));
  const who = (id) => names.get(id) ?? (id === top.id ? 'the kernel' : `session ${id}`);
  const isTimer = ({ type }) => type === 'Alarm';
  const due = ({ due }) => (due <= time ? `since ${(time - due).toFixed(2)} s` : `in ${(due - time).toFixed(2)} s`);
  const more = (shown, all) =>
    all > shown.length ? [element('p', { class: 'dim' }, `and ${all - shown.length} more`)] : [];

  const events = queue.filter((entry) => !isTimer(entry));
  showTable(
    byId('events-table'),
    [
      ['Event', 'code', ({ event, signal }) => (signal === undefined ? event : `${event} ${signal}`)],
      ['From', '', ({ source }) => who(source)],
      ['To', '', ({ destination }) => who(destination)],
      ['Waits', 'number', due],
      ['Arguments', 'number', ({ args }) => args],
    ],
    events,
    'No event waits.',
  );
  byId('events-table').append(...more(events, counts.events));

  const timers = queue.filter(isTimer);
  showTable(
    byId('timers-table'),
    [
      ['Event', 'code', ({ event }) => event],
      ['Session', '', ({ destination }) => who(destination)],
      ['Due', 'number', due],
      ['Alarm', 'number', ({ id }) => id],
    ],
    timers,
    'No timer is set.',
  );
  byId('timers-table').append(...more(timers, counts.timers));

  const mode = ({ mode, event, paused }) => `${mode} → ${event}${paused ? ' (paused)' : ''}`;
  showTable(
    byId('handles-table'),
    [
      ['Handle', '', ({ handle }) => handle],
      ['Session', '', ({ session }) => who(session)],
      ['Watched for', 'code', ({ modes }) => modes.map(mode).join(', ')],
    ],
    handles,
    'No handle is watched.',
  );
  showTable(
    byId('signals-table'),
    [
      ['Signal', 'code', ({ signal }) => signal],
      ['Session', '', ({ session }) => who(session)],
      ['Event', 'code', ({ event }) => event],
    ],
    signals,
    'No signal is watched.',
  );
  showTable(
    byId('kernels-table'),
    [
      ['Kernel', '', ({ kernel }) => kernel || '?'],
      ['State', 'short', ({ state, isDefault }) => (isDefault ? `${state}, default` : state)],
      ['Session', '', ({ session }) => who(session)],
      ['Aliases', '', ({ aliases }) => aliases.join(', ')],
    ],
    kernels,
    'The kernel has no channels to others.',
  );
  showSections(sections);
}

function showSections(sections) {
  byId('sections').replaceChildren(
    ...sections.map(({ name, rows }) => {
      const place = element('div', { class: 'scroll' });
      const columns = Object.keys(rows[0] ?? {}).map((key) => [key, '', (row) => row[key] ?? '']);
      showTable(place, columns, rows, 'Nothing is there.');
      return element('div', { class: 'card' }, element('h2', {}, name), place);
    }),
  );
}
