/** The end of the logs of the operator's pods, of the containers that run and of those before them. */
import { hasStatus } from '../../../runtime/apiError.ts';
import type { Cluster } from '../../command.ts';
import { operatorLabels, POD, type Pod } from '../kinds.ts';
import { limits } from './bundle.ts';
import { readMilliseconds, type Collecting, type Collector } from './collecting.ts';

const lines = 20_000;

export const logs: Collector = {
  what: 'logs of the operator',
  async collect(collecting) {
    const { cluster, namespace } = collecting;
    const signal = AbortSignal.timeout(readMilliseconds);
    const { items } = await cluster.client.list(POD, namespace, '', { labelSelector: operatorLabels, signal });
    for (const pod of items as readonly unknown[] as readonly Pod[]) await addLogs(collecting, pod);
  },
};

async function addLogs({ bundle, cluster, namespace }: Collecting, { metadata, spec, status }: Pod): Promise<void> {
  const restarted = new Set(status?.containerStatuses?.filter((one) => one.restartCount > 0).map((one) => one.name));
  for (const { name } of spec?.containers ?? []) {
    const which = restarted.has(name) ? [false, true] : [false];
    for (const previous of which) {
      const what = `${previous ? 'previous log' : 'log'} of container ${name} of Pod ${namespace}/${metadata.name}`;
      await bundle.attempt(what, async () => {
        const query = new URLSearchParams({
          container: name,
          previous: `${previous}`,
          timestamps: 'true',
          tailLines: `${lines}`,
        });
        const path = `/api/v1/namespaces/${namespace}/pods/${metadata.name}/log?${query.toString()}`;
        const { text, isCut } = await lastOf(cluster, path);
        await bundle.addText(`logs/${metadata.name}/${name}${previous ? '-previous' : ''}.log`, text);
        if (isCut) bundle.cut(what, `only its last ${limits.log / 2 ** 20} MiB are included`);
      });
    }
  }
}

/** Keeps the end, which matters most, and no more than that in memory. Begins with a full line. */
async function lastOf({ http }: Cluster, path: string): Promise<{ text: string; isCut: boolean }> {
  let parts: Buffer[] = [];
  let length = 0;
  let isCut = false;
  const signal = AbortSignal.timeout(readMilliseconds);
  const keep = (part: Buffer): void => {
    parts.push(part);
    length += part.length;
    if (length <= 2 * limits.log) return;
    parts = [Buffer.concat(parts).subarray(-limits.log)];
    length = limits.log;
    isCut = true;
  };
  await http.stream({ verb: 'get', method: 'GET', path, signal, accept: '*/*' }, keep).catch((error: unknown) => {
    // A container that has not started, or whose log the node has not kept.
    if (!hasStatus(error, 400)) throw error;
    keep(Buffer.from(`${error.said}\n`));
  });
  const all = Buffer.concat(parts);
  const end = all.subarray(-limits.log);
  if (end.length < all.length) isCut = true;
  const text = end.toString('utf8');
  return { text: isCut ? text.slice(text.indexOf('\n') + 1) : text, isCut };
}
