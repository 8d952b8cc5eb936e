import UPlot from '/lib/uplot.js';
import { byId, mebibytes } from './dom.js';

/** Seconds that charts go back. */
const SPAN = 180;

/** For each chart its place and its lines: the colour of each, and its value in a report. */
const CHARTS = {
  'rate-chart': [['--accent', ({ top }) => top.rate]],
  'delay-chart': [
    ['--accent', ({ top }) => top.delay.p99 * 1000],
    ['--second', ({ top }) => top.delay.max * 1000],
  ],
  'queue-chart': [
    ['--accent', ({ top }) => top.kernel.counts.events],
    ['--second', ({ top }) => top.kernel.counts.timers],
  ],
  'memory-chart': [
    ['--accent', ({ top }) => mebibytes(top.memory.rss)],
    ['--second', ({ top }) => mebibytes(top.memory.heap)],
  ],
};

/** Draws the charts of the overview. */
export class Charts {
  #data = new Map(Object.entries(CHARTS).map(([id, lines]) => [id, [[], ...lines.map(() => [])]]));
  #plots = new Map();

  constructor() {
    this.#draw();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw());
    addEventListener('resize', () => this.resize());
  }

  add(report) {
    const { time } = report.top.kernel;
    for (const [id, lines] of Object.entries(CHARTS)) {
      const data = this.#data.get(id);
      data[0].push(time);
      for (const [index, [, read]] of lines.entries()) data[index + 1].push(read(report));
      while (time - data[0][0] > SPAN) for (const values of data) values.shift();
      this.#plots.get(id).setData(data);
    }
  }

  resize() {
    for (const [id, plot] of this.#plots) {
      const { width, height } = sizeOf(id);
      if (width > 0) plot.setSize({ width, height });
    }
  }

  #draw() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--dim'),
      font: '11px system-ui, sans-serif',
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    };
    for (const [id, lines] of Object.entries(CHARTS)) {
      this.#plots.get(id)?.destroy();
      const options = {
        ...sizeOf(id),
        cursor: { y: false, points: { size: 6 } },
        legend: { show: false },
        scales: {
          x: { range: (_plot, _from, to) => [(to ?? Date.now() / 1000) - SPAN, to ?? Date.now() / 1000] },
          y: { range: (_plot, _from, to) => [0, Math.max(1, (to ?? 0) * 1.15)] },
        },
        axes: [
          { ...axis, size: 30, space: 70, values: (_plot, times) => times.map((time) => clock(time)) },
          { ...axis, size: 52, space: 34 },
        ],
        series: [
          {},
          ...lines.map(([name], index) => ({
            stroke: colour(name),
            width: 1.6,
            points: { show: false },
            ...(index === 0 ? { fill: `${colour(name)}1c` } : {}),
          })),
        ],
      };
      this.#plots.set(id, new UPlot(options, this.#data.get(id), byId(id)));
    }
  }
}

function sizeOf(id) {
  const { clientWidth, clientHeight } = byId(id);
  return { width: clientWidth || 440, height: clientHeight || 170 };
}

function clock(time) {
  return new Date(time * 1000).toLocaleTimeString('en-GB');
}
