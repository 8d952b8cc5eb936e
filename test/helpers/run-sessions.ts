import { Kernel, type KernelOptions, Session, type SessionOptions } from 'poe-kernel';
import { Simulation as Kit, type SimulationOptions } from 'poe-kernel/testing';

/** The kit's simulation with a kernel on a host, what its sessions say, and a short way to make them. */
export class Simulation extends Kit {
  readonly simulated = this.host();
  readonly kernel: Kernel;
  /** What {@link say} was told. */
  readonly said: string[] = [];
  /** Warnings that came, as code and message; none of them goes to standard error. */
  readonly warnings: [code: string, message: string][] = [];

  constructor({
    traceCallers,
    assert,
    ...options
  }: SimulationOptions & Pick<KernelOptions, 'traceCallers' | 'assert'> = {}) {
    super(options);
    this.kernel = new Kernel({
      host: this.simulated,
      ...(traceCallers === undefined ? {} : { traceCallers }),
      ...(assert === undefined ? {} : { assert }),
    });
    this.kernel.hooks.warn.tap('test', (code, message) => {
      this.warnings.push([code, message]);
      return false;
    });
  }

  readonly say = (line: unknown): void => {
    this.said.push(String(line));
  };

  /** Makes a session of this kernel from its handlers. */
  session(inlineStates: SessionOptions<any, Record<string, any[]>>['inlineStates'], options: object = {}): Session {
    return Session.create({ kernel: this.kernel, inlineStates: { _start() {}, ...inlineStates }, ...options });
  }

  /** A session that runs some code in a handler once its turn of grace is over, with the run to its end. */
  async inside(code: NonNullable<SessionOptions<any, Record<string, any[]>>['inlineStates']>[string]): Promise<void> {
    this.session({
      _start({ kernel }) {
        kernel.yield('settle');
      },
      settle({ kernel }) {
        kernel.yield('go');
      },
      go: code,
    });
    await this.kernel.run();
  }
}
