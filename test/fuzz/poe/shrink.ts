import type { Program, Step } from './program.ts';

/** Makes a program smaller as long as `fails` says that it still fails; `fails` is asked for many at once. */
export async function shrink(program: Program, fails: (programs: Program[]) => Promise<boolean[]>): Promise<Program> {
  let smallest = program;
  for (;;) {
    const candidates = [...smaller(smallest)];
    let found: Program | undefined;
    for (let at = 0; found === undefined && at < candidates.length; at += BATCH) {
      const batch = candidates.slice(at, at + BATCH);
      const failed = await fails(batch);
      found = batch.find((_, index) => failed[index]);
    }
    if (found === undefined) return withoutUnusedBodies(smallest);
    smallest = found;
  }
}

const BATCH = 16;

/** Programs that are smaller by one thing, the largest things first. */
function* smaller(program: Program): Generator<Program> {
  for (const limit of ['handlers', 'sessions'] as const) {
    const now = program.limits[limit];
    for (const less of [0, Math.floor(now / 2), now - 1]) {
      if (less >= 0 && less < now) yield { ...program, limits: { ...program.limits, [limit]: less } };
    }
  }
  for (let at = 0; program.main.length > 1 && at < program.main.length; at++) {
    yield { ...program, main: program.main.toSpliced(at, 1) };
  }
  for (let at = 0; at < program.bodies.length; at++) {
    if (program.bodies[at]?.length) yield { ...program, bodies: program.bodies.with(at, []) };
  }
  for (const [at, template] of program.templates.entries()) {
    for (const kind of ['inline', 'object'] as const) {
      for (const event of Object.keys(template[kind])) {
        if (event === '_start') continue;
        const { [event]: _, ...states } = template[kind];
        yield { ...program, templates: program.templates.with(at, { ...template, [kind]: states }) };
      }
    }
    if (template.options !== undefined) {
      const { options: _, ...rest } = template;
      yield { ...program, templates: program.templates.with(at, rest) };
    }
  }
  for (const [at, steps] of program.main.entries()) {
    for (const fewer of smallerSteps(steps)) {
      // Without a session POE's kernel is not ready for anything else.
      if (fewer[0]?.op === 'create') yield { ...program, main: program.main.with(at, fewer) };
    }
  }
  for (const [at, steps] of program.bodies.entries()) {
    for (const fewer of smallerSteps(steps)) yield { ...program, bodies: program.bodies.with(at, fewer) };
  }
}

function* smallerSteps(steps: Step[]): Generator<Step[]> {
  for (let at = 0; at < steps.length; at++) yield steps.toSpliced(at, 1);
  for (const [at, step] of steps.entries()) {
    if ('args' in step && step.args.length > 0) yield steps.with(at, { ...step, args: [] });
    if ('catch' in step && step.catch) yield steps.with(at, { ...step, catch: false });
    if ('context' in step && step.context === 'list') yield steps.with(at, { ...step, context: 'scalar' });
    if (step.op === 'call' && step.context !== 'void') yield steps.with(at, { ...step, context: 'void' });
    if (step.op === 'state' && step.method !== undefined) {
      yield steps.with(at, { op: 'state', event: step.event, body: step.body });
    }
    if ('to' in step && step.to !== undefined && ['id', 'text', 'alias'].includes(step.to.by)) {
      for (const n of [0, 1, 2]) yield steps.with(at, { ...step, to: { by: 'object', n } });
    }
  }
}

/** Leaves out the bodies that no template and no step names, and numbers the others anew. */
function withoutUnusedBodies(program: Program): Program {
  const places = new Map<number, number>();
  const place = (body: number): number => {
    if (!places.has(body)) places.set(body, places.size);
    return places.get(body) as number;
  };
  const renumber = (states: Record<string, number>) =>
    Object.fromEntries(Object.entries(states).map(([event, body]) => [event, place(body)]));
  const templates = program.templates.map((template) => ({
    ...template,
    inline: renumber(template.inline),
    object: renumber(template.object),
  }));
  const bodies: Step[][] = [];
  // Bodies name further ones, so the map grows while it is walked.
  for (const [body, at] of places) {
    bodies[at] = (program.bodies[body] ?? []).map((step) =>
      step.op === 'state' && step.body !== null ? { ...step, body: place(step.body) } : step,
    );
  }
  return { ...program, templates, bodies };
}
