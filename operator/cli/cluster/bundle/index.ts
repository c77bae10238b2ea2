/** Collects a bundle, part by part. What cannot be read is missing, and the manifest says why; nothing else stops because of it. */
import type { Device } from '../../../api/v1alpha1/device.ts';
import { resources } from '../../../api/generated/resources.ts';
import { counted } from '../../../lib/text.ts';
import { exit, Failure, type Cluster, type Exit, type Io, type Where } from '../../command.ts';
import { withProgress } from '../../progress.ts';
import { operatorLabels, POD, type Pod } from '../kinds.ts';
import { shipped } from '../shipped.ts';
import { unread } from '../unread.ts';
import { archive } from './archive.ts';
import { Bundle, WriteError, type Missing } from './bundle.ts';
import { fewNamespaces, readMilliseconds, type Collecting } from './collecting.ts';
import { collectors } from './collectors.ts';
import { Pseudonyms } from './pseudonyms.ts';

interface Asked {
  readonly namespace: string;
  readonly output: string | undefined;
  readonly force: boolean;
  readonly chosen: readonly string[] | undefined;
  readonly hidesNames: boolean;
  readonly where: Where;
}

export async function runBundle(asked: Asked, io: Io): Promise<Exit> {
  const cluster = await io.cluster(asked.where);
  try {
    await assertReachable(cluster);
    return await collected(asked, cluster, io);
  } finally {
    await cluster.close();
  }
}

/** A bundle of nothing helps nobody. */
async function assertReachable({ client }: Cluster): Promise<void> {
  await client.document('/version', AbortSignal.timeout(readMilliseconds)).catch((error: unknown) => {
    const { cause, message } = unread(error);
    if (cause !== 'Forbidden') throw new Failure(`${message}; check --kubeconfig and --context.`);
  });
}

async function collected(asked: Asked, cluster: Cluster, io: Io): Promise<Exit> {
  const { namespace, chosen, hidesNames } = asked;
  const now = cluster.clock.now();
  const root = `holdfast-support-${now.toISOString().replace(/[-:]|\.\d+/g, '')}`;
  const path = asked.output ?? `${root}.tar.gz`;
  const ours = await shipped(io, namespace);
  const file = await io.createFile(path, asked.force);
  const to = archive(file, root, now);
  const pseudonyms = new Pseudonyms();
  const bundle = new Bundle(to, hidesNames ? (text) => pseudonyms.replace(text) : (text) => text);
  const collecting: Collecting = { bundle, cluster, shipped: ours, namespace, chosen };
  try {
    if (hidesNames) await learnNames(collecting, pseudonyms);
    await withProgress(io, 'Collecting', async (say) => {
      for (const { what, collect } of collectors) {
        say(what);
        await bundle.attempt(what, () => collect(collecting));
      }
    });
    const { files, missing, collected: read } = bundle;
    await bundle.addJson('MANIFEST.json', {
      version: ours.version,
      time: now.toISOString(),
      redactsNames: hidesNames,
      missing,
      collected: read,
      files,
    });
    await to.finish();
  } catch (error) {
    await to.discard();
    if (error instanceof WriteError || (error as NodeJS.ErrnoException).code)
      throw new Failure(`${path} cannot be written: ${(error as Error).message}.`);
    throw error;
  }
  const { files, missing } = bundle;
  io.stdout(`${path}: ${counted(files.length, 'file')}\n`);
  io.stderr(reportOf(missing));
  return missing.length > 0 ? exit.differs : exit.holds;
}

const mostShown = 10;

function reportOf(missing: readonly Missing[]): string {
  if (missing.length === 0) return '';
  const shown = missing.slice(0, mostShown).map(({ what, why }) => `  ${what}: ${why}`);
  const rest = missing.length - shown.length;
  const more = rest > 0 ? [`  and ${rest} more`] : [];
  return [`${counted(missing.length, 'part')} missing, which MANIFEST.json lists:`, ...shown, ...more, ''].join('\n');
}

/** All names, before the first text in which one may appear. */
async function learnNames({ bundle, cluster, namespace, chosen }: Collecting, names: Pseudonyms): Promise<void> {
  const learnIn = async (place: string): Promise<void> => {
    let from = '';
    do {
      const signal = AbortSignal.timeout(readMilliseconds);
      const page = await cluster.client.list(resources.Device, place, from, { signal });
      for (const { metadata, spec, status } of page.items as Device[])
        for (const name of [metadata.name, spec.ssh?.host, status?.facts?.hostname]) names.add(name);
      from = page.continue;
    } while (from);
  };
  const what = 'names of Devices, which are therefore not replaced';
  if (chosen) for (const place of chosen) await bundle.attempt(what, () => learnIn(place));
  else
    await learnIn('').catch(async () => {
      for (const place of fewNamespaces({ namespace, cluster })) await bundle.attempt(what, () => learnIn(place));
    });
  await bundle.attempt('names of nodes, which are therefore not replaced', async () => {
    const signal = AbortSignal.timeout(readMilliseconds);
    const { items } = await cluster.client.list(POD, namespace, '', { labelSelector: operatorLabels, signal });
    for (const { spec } of items as readonly unknown[] as readonly Pod[]) names.add(spec?.nodeName);
  });
}
