/**
 * How many milliseconds of processor time this process has used so far. What something takes of it tells work that grows
 * with the input from work that grows with its square; the clock would count what else the machine does meanwhile, too.
 */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
