/** Puts back what a run changed, by an AnsibleRun with `revertOf`, once it has said what that is and somebody agreed. */
import { resources } from '../../../api/generated/resources.ts';
import type { AnsibleRun, AnsibleRunSpec } from '../../../api/v1alpha1/ansibleRun.ts';
import type { Device } from '../../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../../api/v1alpha1/deviceBaseline.ts';
import { counted } from '../../../lib/text.ts';
import { exit, Failure, type Cluster, type Exit, type Io } from '../../command.ts';
import type { How } from '../../runs.ts';
import { plain, treeText } from '../lines.ts';
import { asFailure, listed } from '../listed.ts';
import { within } from '../within.ts';
import { confirmed, createRun, followed } from './create.ts';
import { outcomeOf } from './outcome.ts';
import { undoingOf, whyNotUndone, type Undoing } from './undoing.ts';
import { allOf } from '../allOf.ts';

export interface Asked extends How {
  readonly name: string;
  /** All hosts of the run when empty. */
  readonly devices: readonly string[];
}

export function runUndo(asked: Asked, io: Io): Promise<Exit> {
  return within(asked.place, io, async (cluster, namespace) => {
    const { run, undoing } = await readUndoing(asked, cluster, namespace);
    const count = undoing.before.length;
    const title = `AnsibleRun ${asked.name}: ${counted(count, 'check')} on ${counted(undoing.devices.length, 'host')} would be put back`;
    io.stdout(treeText({ text: title, branches: undoing.branches }));
    const wanted = { namespace, stem: `undo-${asked.name}`, spec: specOf(run, undoing) };
    if (asked.dryRun) {
      await createRun(cluster, wanted, true);
      io.stdout('Nothing was created: this is a dry run.\n');
      return exit.differs;
    }
    await confirmed('Put this back now?', asked, io);
    const again = await readUndoing(asked, cluster, namespace);
    if (again.run.metadata.uid !== run.metadata.uid || again.undoing.devices.join() !== undoing.devices.join())
      throw new Failure('what is to be put back changed in the meantime, and nothing was done; repeat it.');
    const created = await createRun(cluster, wanted, false);
    if (!created) return exit.failed;
    const { name } = created.metadata;
    if (!asked.wait) {
      io.stdout(
        `Created AnsibleRun ${name}; its result: \`kubectl get ansiblerun ${name} -n ${namespace} -o wide\`.\n`,
      );
      return undoing.isPart ? exit.differs : exit.holds;
    }
    io.stdout(`Created AnsibleRun ${name}.\n`);
    const { text, isDone } = outcomeOf(await followed(created, cluster, asked, io));
    io.stdout(text);
    return isDone ? exit.holds : exit.differs;
  });
}

/** It waits for no window, and the operator refuses it where a baseline would correct it again. */
function specOf({ metadata, spec }: AnsibleRun, { devices }: Undoing): AnsibleRunSpec {
  const { backend = 'Job', forks, timeoutSeconds } = spec;
  return {
    mode: 'Apply',
    revertOf: { name: metadata.name },
    deviceNames: [...devices],
    backend,
    ...(forks !== undefined && { forks }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  };
}

async function readUndoing({ name, devices }: Asked, cluster: Cluster, namespace: string) {
  const run = await cluster.client
    .get<AnsibleRun>(resources.AnsibleRun, { namespace, name }, AbortSignal.timeout(10_000))
    .catch((error: unknown) => {
      throw asFailure(`AnsibleRun ${name} cannot be read`, error);
    });
  if (!run)
    throw new Failure(
      `AnsibleRun ${name} does not exist in namespace ${namespace}; list them with \`kubectl get ansibleruns -A\`.`,
    );
  const not = whyNotUndone(run);
  if (not !== undefined) throw new Failure(plain(`${not}.`));
  const around = await readAround(cluster, namespace);
  const undoing = undoingOf(run, devices, around);
  if (typeof undoing === 'string') throw new Failure(plain(`${undoing}.`));
  return { run, undoing };
}

async function readAround(cluster: Cluster, namespace: string) {
  try {
    const [runs, baselines, devices] = await allOf([
      listed<AnsibleRun>(cluster, resources.AnsibleRun, namespace),
      listed<DeviceBaseline>(cluster, resources.DeviceBaseline, namespace),
      listed<Device>(cluster, resources.Device, namespace),
    ]);
    return { runs, baselines, devices, now: cluster.date() ?? cluster.clock.now() };
  } catch (error) {
    throw asFailure('what was undone already cannot be read', error);
  }
}
