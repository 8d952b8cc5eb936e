import type { Supervisor } from 'poe-kernel/components';

/** Tells the test something, as a line of JSON. */
export function tell(what: object): void {
  console.log(JSON.stringify(what));
}

/** Tells whatever a supervisor tells. */
export function tellOfChildren({ hooks }: Supervisor): void {
  for (const name of ['childStarted', 'childReady', 'childServing', 'childDraining', 'childExited'] as const) {
    hooks[name].tap('test', (child) => tell({ event: name, at: Date.now(), ...child }));
  }
  hooks.handover.tap('test', (stage, pid) => tell({ event: 'handover', stage, pid }));
  hooks.stopping.tap('test', (reason) => tell({ event: 'stopping', reason }));
}
