/**
 * A host on which checks are evaluated, corrected and undone, one after the other: the probe over SSH as the operator uses it, and the
 * host's half of a correction run there directly, as Ansible would run it. `checks.test.ts` does the same through Ansible.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeviceCheck } from '../../operator/api/v1alpha1/deviceCheck.ts';
import { openSsh } from '../../operator/connect/ssh/openSsh.ts';
import type { AddressedTarget, SshClient, SshTarget } from '../../operator/connect/ssh/types.ts';
import type { Change } from '../../operator/drift/checks/change.ts';
import { remedyOf } from '../../operator/drift/checks/remedy.ts';
import { compareCheck } from '../../operator/drift/probe/compare.ts';
import type { CheckObservation } from '../../operator/drift/probe/observation.ts';
import { probeHost } from '../../operator/drift/probe/probe.ts';
import { conceal, wordsOf } from '../builders/observeHere.ts';
import { startFleet, type Fleet, type Host } from '../fleet/fleet.ts';

const sources = join(import.meta.dirname, '../../operator/drift/host/holdfast');
const stateProgram = join(import.meta.dirname, 'hostState.py');
const program = `
import json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, '/run/holdfast-test')
from holdfast.changes import make, undo
asked = json.load(sys.stdin)
print(json.dumps((make if asked['do'] == 'make' else undo)(asked['run'], asked['checks'], asked.get('onlyChecks', False))))
`;

/** What became of one check. */
export interface Made {
  readonly changed: boolean;
  /** Why it could not be corrected or undone. */
  readonly message?: string;
  /** Whether nothing was touched. */
  readonly refused?: boolean;
  /** What it did beyond what was declared. */
  readonly said?: string;
  /** Why Holdfast does not try. */
  readonly manual?: string;
}

export class CheckBed {
  readonly host: Host;
  readonly #fleet: Fleet;
  readonly #folder: string;
  #ssh: SshClient;
  #runs = 0;

  /** `folder` is for its connections. */
  constructor(host: Host, fleet: Fleet, folder: string) {
    this.host = host;
    this.#fleet = fleet;
    this.#folder = folder;
    this.#ssh = openSsh({ folder });
  }

  /** Brings the half of a correction that runs on a host. */
  async equip(): Promise<void> {
    await this.host.mustRun('mkdir -p /run/holdfast-test/holdfast');
    await this.host.writeFile('/run/holdfast-test/hostState.py', readFileSync(stateProgram, 'utf8'));
    const files = readdirSync(sources).filter((name) => name.endsWith('.py'));
    for (const name of files)
      await this.host.writeFile(`/run/holdfast-test/holdfast/${name}`, readFileSync(join(sources, name), 'utf8'));
  }

  /** As new. */
  async reset(): Promise<void> {
    await this.close();
    await this.host.reset();
    this.#ssh = openSsh({ folder: this.#folder });
    await this.equip();
  }

  close(): Promise<void> {
    return this.#ssh.close();
  }

  target(become: SshTarget['become'] = 'sudo'): AddressedTarget {
    return {
      id: `test/${this.host.name}-${become}`,
      host: this.host.address,
      address: this.host.address,
      port: this.host.port,
      user: this.#fleet.user,
      become,
      hostKeys: [this.host.hostKey],
      hostCertificateAuthorities: [],
      privateKey: readFileSync(this.#fleet.privateKey, 'utf8'),
    };
  }

  async look(checks: readonly DeviceCheck[], become?: SshTarget['become']): Promise<readonly CheckObservation[]> {
    const seen = await probeHost(this.#ssh, this.target(become), checks, new AbortController().signal);
    if (seen.is !== 'seen') throw new Error(seen.message);
    return seen.observed;
  }

  /** What is found, in words: none when it holds, or `unknown: …`, or `not applicable: …`. */
  async compare(check: DeviceCheck, become?: SshTarget['become']): Promise<string[]> {
    const [observation] = await this.look([check], become);
    return observation ? wordsOf(compareCheck(check, observation, conceal)) : ['not looked at'];
  }

  /** Corrects the checks in one run, from one look; `between`, shell, happens after the look and before the run. */
  async correct(
    checks: readonly DeviceCheck[],
    between: string | ((changes: readonly Change[]) => string) = '',
  ): Promise<{ run: string; made: Record<string, Made>; changes: readonly Change[] }> {
    const observed = await this.look(checks);
    const made: Record<string, Made> = {};
    const work = checks.flatMap((check, index) => {
      const observation = observed[index] ?? { is: 'unknown', message: 'not looked at' };
      const comparison = compareCheck(check, observation, conceal);
      if (comparison.is !== 'known' || !comparison.differences.length) return [];
      const remedy = remedyOf(check, observation);
      if (remedy.is === 'manual') made[check.name] = { changed: false, manual: remedy.message };
      return remedy.is === 'manual' ? [] : [{ check: check.name, changes: remedy.changes }];
    });
    const all = work.flatMap(({ changes }) => changes);
    const shell = typeof between === 'string' ? between : between(all);
    if (shell) await this.host.mustRun(shell);
    this.#runs += 1;
    const run = `run-${this.#runs}`;
    const asked = work.map(({ check, changes }) => ({ check, changes, seen: changes.map(({ seen }) => seen) }));
    Object.assign(made, await this.#python({ do: 'make', run, checks: asked }));
    return { run, made, changes: all };
  }

  undo(run: string, checks: readonly DeviceCheck[]): Promise<Record<string, Made>> {
    return this.#python({ do: 'undo', run, checks: checks.map(({ name }) => name).reverse() });
  }

  /** Everything that a correction could have changed, as text: files with their digests, live settings, units, packages, mounts. */
  state(): Promise<string> {
    return this.host.mustRun('python3 /run/holdfast-test/hostState.py');
  }

  async #python(asked: object): Promise<Record<string, Made>> {
    // As sudo tells it to what Ansible runs.
    const said = await this.host.run(
      `SUDO_USER=${this.#fleet.user} python3 -c "$PROGRAM"`.replace('$PROGRAM', quoted(program)),
      {
        input: JSON.stringify(asked),
      },
    );
    if (said.code !== 0) throw new Error(`the host's half ended with ${said.code}: ${said.stderr}`);
    return (JSON.parse(said.stdout) as { checks: Record<string, Made> }).checks;
  }
}

function quoted(text: string): string {
  return text.replaceAll(/(["\\$`])/g, '\\$1');
}

/** Beds on hosts of one fleet. */
export async function openCheckBeds(
  count: number,
): Promise<{ beds: readonly CheckBed[]; readonly close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-checks-'));
  const fleet = await startFleet({ names: count });
  const beds = fleet.hosts.map((host) => new CheckBed(host, fleet, mkdtempSync(join(folder, 'ssh-'))));
  await Promise.all(beds.map((bed) => bed.equip()));
  return {
    beds,
    close: async () => {
      await Promise.all(beds.map((bed) => bed.close()));
      await fleet.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Does the work with every item, each on a host that is as new: side by side on so many hosts, which are used again. */
export async function spread<T>(
  items: readonly T[],
  atOnce: number,
  work: (bed: CheckBed, item: T) => Promise<void>,
): Promise<void> {
  const { beds, close } = await openCheckBeds(Math.min(atOnce, items.length));
  const waiting = [...items];
  try {
    await Promise.all(
      beds.map(async (bed) => {
        for (let item = waiting.shift(), isNew = true; item !== undefined; item = waiting.shift(), isNew = false) {
          if (!isNew) await bed.reset();
          await work(bed, item);
        }
      }),
    );
  } finally {
    await close();
  }
}
