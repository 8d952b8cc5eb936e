import { Charts } from './charts.js';
import { age, byId, element, mebibytes, milliseconds, short, showTable } from './dom.js';
import { Log } from './log.js';
import { SessionMap } from './map.js';
import { Sequence } from './sequence.js';
import { BUSIEST, Sessions } from './sessions.js';
import { showTables } from './tables.js';

const VIEWS = [...document.querySelectorAll('main > section')].map(({ id }) => id);

const charts = new Charts();
const sessions = new Sessions();
const log = new Log();
const sequence = new Sequence();
const map = new SessionMap();
/** Names of sessions, also of those that have ended since. */
const names = new Map();

/** Shows the view that the address names. */
function turn() {
  const wanted = location.hash.slice(2);
  const view = VIEWS.includes(wanted) ? wanted : 'overview';
  for (const id of VIEWS) byId(id).hidden = id !== view;
  for (const tab of byId('tabs').children)
    tab.setAttribute('aria-current', tab.hash === `#/${view}` ? 'page' : 'false');
  charts.resize();
}

function show(report) {
  const { top } = report;
  if (names.size > 10_000) names.clear();
  names.set(top.id, 'the kernel');
  for (const { id, name } of report.sessions) names.set(id, name);
  const who = (id) => names.get(id) ?? `session ${id}`;

  document.title = `${top.name} · peek`;
  byId('name').textContent = top.name;
  byId('about').textContent = `process ${top.pid} · up ${age(top.uptime)} · kernel ${top.id} · Node ${top.node}`;
  tell(top.kernel.idle ? 'idle' : top.kernel.running ? 'running' : 'not running', false);
  showTiles(top);
  showTable(byId('busiest'), BUSIEST, top.busiest.slice(0, 12), 'There are no sessions.');
  charts.add(report);
  sessions.show(report);
  showTables(report);
  log.add(report, who);
  sequence.add(report, who);
  map.add(report);
}

function showTiles({ kernel: { counts }, rate, delay, memory, sessions: count, children }) {
  const tiles = [
    ['events per second', short(rate)],
    ['sessions', short(count)],
    ['events waiting', short(counts.events)],
    ['timers', short(counts.timers)],
    ['handles', short(counts.handles)],
    ['loop delay, 99 %', milliseconds(delay.p99)],
    ['memory', `${short(mebibytes(memory.rss))} MiB`],
  ];
  if (children !== null) {
    const serving = children.filter(({ state }) => state === 'serving').length;
    tiles.push([`children serve, of ${children.length}`, short(serving)]);
  }
  byId('tiles').replaceChildren(
    ...tiles.map(([label, value]) =>
      element(
        'div',
        { class: 'tile' },
        element('div', { class: 'value' }, value),
        element('div', { class: 'label' }, label),
      ),
    ),
  );
}

function tell(state, isBad) {
  byId('state').textContent = state;
  byId('state').className = isBad ? 'badge bad' : 'badge';
}

addEventListener('hashchange', turn);
turn();

const reports = new EventSource('/reports');
reports.addEventListener('hello', ({ data }) => {
  sessions.writable = JSON.parse(data).writable;
});
reports.addEventListener('message', ({ data }) => show(JSON.parse(data)));
reports.addEventListener('error', () => tell('no answer', true));
