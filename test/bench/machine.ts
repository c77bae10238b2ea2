/** The machine that figures come from, as readers of them need to know it. */
import { readFile } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem } from 'node:os';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly kernel: string;
  readonly node: string;
  /** Of the last minute before the benchmark: far above 0, others worked on the machine too. */
  readonly loadBefore: number;
}

export async function describeMachine(): Promise<Machine> {
  const system = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: /^PRETTY_NAME="?(.*?)"?$/m.exec(system)?.[1] ?? 'unknown',
    kernel: release(),
    node: process.version,
    loadBefore: loadavg()[0] ?? 0,
  };
}

/** `2 cores of Intel Xeon, 24 GiB, Linux 6.1` */
export function machineLine({ cores, processor, memoryBytes, kernel }: Machine): string {
  return `${cores} cores of ${processor}, ${Math.round(memoryBytes / 2 ** 30)} GiB, Linux ${kernel}`;
}
