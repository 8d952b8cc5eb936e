import { Graph, layout } from '/lib/dagre.js';
import { byId, callName, cut, element, shape, short } from './dom.js';

/** Seconds that arrows go back, and sessions that are drawn. */
const SPAN = 60;
const MOST = 60;

/** Who sends to whom: sessions and foreign kernels as boxes, what went between them as arrows. */
export class SessionMap {
  /** Counts by second: `from>to` to events. */
  #flows = [];

  add(report) {
    const time = report.top.kernel.time;
    const flow = new Map();
    for (const { source, destination } of report.log) {
      const key = JSON.stringify([source, destination]);
      if (source !== destination) flow.set(key, (flow.get(key) ?? 0) + 1);
    }
    // Of those that came too fast to be told, as many as of the others.
    const scale = report.log.length === 0 ? 1 : 1 + report.left / report.log.length;
    this.#flows.push({ time, flow, scale });
    this.#flows = this.#flows.filter((each) => time - each.time < SPAN);
    this.#draw(report);
  }

  #draw({ sessions, kernels, top }) {
    if (byId('map').hidden) return;
    const totals = new Map();
    for (const { flow, scale } of this.#flows) {
      for (const [key, count] of flow) totals.set(key, (totals.get(key) ?? 0) + count * scale);
    }
    const shown = new Map(sessions.slice(0, MOST).map((session) => [String(session.id), callName(session.name)]));
    const graph = new Graph({ multigraph: true });
    graph.setGraph({ rankdir: 'LR', nodesep: 22, ranksep: 90, marginx: 12, marginy: 12 });
    graph.setDefaultEdgeLabel(() => ({}));
    const box = (id, name, foreign) =>
      graph.setNode(id, {
        name,
        foreign,
        width: Math.min(Math.max(cut(name, 30).length * 7.4 + 26, 60), 250),
        height: 32,
      });
    for (const [id, name] of shown) box(id, name, false);
    for (const { id, parent } of sessions.slice(0, MOST)) {
      if (shown.has(String(parent))) graph.setEdge(String(parent), String(id), { family: true }, 'family');
    }
    for (const { kernel, session, state } of kernels) {
      if (state === 'local' || kernel === '') continue;
      box(`kernel ${kernel}`, kernel, true);
      if (shown.has(String(session))) graph.setEdge(String(session), `kernel ${kernel}`, { family: true }, 'family');
    }
    const seconds = Math.max(top.kernel.time - (this.#flows[0]?.time ?? 0), 1);
    for (const [key, count] of totals) {
      const [from, to] = JSON.parse(key).map(String);
      const label = `${short(count / seconds)}/s`;
      if (shown.has(from) && shown.has(to))
        graph.setEdge(from, to, { label, labelpos: 'c', width: 48, height: 14 }, 'flow');
    }
    layout(graph);
    byId('map-figure').replaceChildren(
      shown.size === 0 ? element('p', { class: 'dim' }, 'There are no sessions.') : draw(graph),
    );
  }
}

function draw(graph) {
  const { width, height } = graph.graph();
  const drawing = shape('svg', {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': 'Map of sessions',
  });
  for (const edge of graph.edges()) {
    const { points, family, label, x, y } = graph.edge(edge);
    const group = shape('g', { class: family ? '' : 'kind-event' });
    group.append(shape('path', { class: family ? 'family' : 'arrow', d: curve(points) }));
    if (!family) group.append(head(points), ...caption(label, x, y));
    drawing.append(group);
  }
  for (const id of graph.nodes()) {
    const { x, y, width: wide, height: high, name, foreign } = graph.node(id);
    const label = shape('text', { x, y: y + 4, 'text-anchor': 'middle' }, cut(name, 30));
    label.append(shape('title', {}, name));
    const place = { x: x - wide / 2, y: y - high / 2, width: wide, height: high, rx: 7 };
    drawing.append(shape('rect', { ...place, class: foreign ? 'box foreign' : 'box' }), label);
  }
  return drawing;
}

/** A smooth line: each point but the ends pulls it towards itself. */
function curve(points) {
  const [first, ...rest] = points;
  const last = rest.pop();
  const bends = rest.map((point, index) => {
    const next = rest[index + 1] ?? last;
    const end = index === rest.length - 1 ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${point.x},${point.y} ${end.x},${end.y}`;
  });
  return `M${first.x},${first.y} ${bends.join(' ') || `L${last.x},${last.y}`}`;
}

function head(points) {
  const [before, tip] = points.slice(-2);
  const angle = (Math.atan2(tip.y - before.y, tip.x - before.x) * 180) / Math.PI;
  return shape('path', {
    class: 'head',
    d: 'M0,0 l-8,-4 v8 z',
    transform: `translate(${tip.x} ${tip.y}) rotate(${angle})`,
  });
}

function caption(label, x, y) {
  const back = shape('rect', { x: x - 24, y: y - 8, width: 48, height: 15, class: 'caption' });
  return [back, shape('text', { x, y: y + 4, 'text-anchor': 'middle', class: 'dim' }, label)];
}
