/** The one list of what a bundle contains, in the order in which it is collected. */
import { resources } from '../../../api/generated/resources.ts';
import { digestOf } from '../../../lib/digest.ts';
import { LEASE } from '../../../runtime/lease.ts';
import { doctorReport } from '../doctor/index.ts';
import { schemasOf } from '../doctor/checks/crds.ts';
import { operatorContainer } from '../doctor/checks/operator.ts';
import {
  CORE_EVENT,
  CRD,
  DEPLOYMENT,
  operatorLabels,
  operatorName,
  POD,
  REPLICA_SET,
  type Crd,
  type Deployment,
  type Lease,
} from '../kinds.ts';
import { addObjects, readMilliseconds, type Collecting, type Collector } from './collecting.ts';
import { logs } from './logs.ts';

const limit = (): AbortSignal => AbortSignal.timeout(readMilliseconds);

const versions: Collector = {
  what: 'versions',
  async collect({ bundle, cluster, shipped, namespace }) {
    const kubernetes = await cluster.client.document('/version', limit());
    let image: string | undefined;
    await bundle.attempt('image of the operator', async () => {
      const key = { namespace, name: operatorName };
      image = operatorContainer((await cluster.client.get<Deployment>(DEPLOYMENT, key, limit()))?.spec)?.image;
    });
    await bundle.addJson('versions.json', { cli: shipped.version, node: process.version, kubernetes, image });
  },
};

const doctor: Collector = {
  what: 'report of doctor',
  async collect({ bundle, cluster, shipped, namespace }) {
    await bundle.addJson('doctor.json', await doctorReport(cluster, shipped, namespace));
  },
};

const objects: readonly Collector[] = Object.values(resources).map((kind) => ({
  what: `${kind.plural}.${kind.group}`,
  collect: (collecting) => addObjects(collecting, kind),
}));

const crds: Collector = {
  what: 'CRDs',
  async collect({ bundle, cluster, shipped }) {
    const found: object[] = [];
    for (const ours of shipped.crds) {
      const { name } = ours.metadata;
      await bundle.attempt(`CRD ${name}`, async () => {
        const live = await cluster.client.get<Crd>(CRD, { namespace: '', name }, limit());
        const digests = { shipped: digestOf(schemasOf(ours)), installed: live && digestOf(schemasOf(live)) };
        const served = live?.spec?.versions?.map((one) => ({
          name: one.name,
          served: one.served,
          storage: one.storage,
        }));
        const { storedVersions, conditions } = live?.status ?? {};
        found.push({ name, isInstalled: live !== undefined, digests, versions: served, storedVersions, conditions });
      });
    }
    await bundle.addJson('crds.json', found);
  },
};

/** In the operator's own namespace: without a right to all, they can be read all the same. */
const inOwnNamespace = (what: string, collect: (collecting: Collecting) => Promise<void>): Collector => ({
  what,
  collect: (collecting) => collect({ ...collecting, chosen: [collecting.namespace] }),
});

const operator: readonly Collector[] = [
  ...[DEPLOYMENT, REPLICA_SET, POD].map((kind) =>
    inOwnNamespace(kind.plural, (collecting) => addObjects(collecting, kind, { labelSelector: operatorLabels })),
  ),
  inOwnNamespace('events of the operator', (collecting) =>
    addObjects(collecting, CORE_EVENT, { file: 'operator-events' }),
  ),
  {
    what: `Lease ${operatorName}`,
    async collect({ bundle, cluster, namespace }) {
      const lease = await cluster.client.get<Lease>(LEASE, { namespace, name: operatorName }, limit());
      if (lease) await bundle.addJson('lease.json', lease);
    },
  },
];

const events: Collector = {
  what: 'events about objects of Holdfast',
  collect: (collecting) => {
    const { group, version } = resources.Device;
    const about = { fieldSelector: `involvedObject.apiVersion=${group}/${version}` };
    return addObjects(collecting, CORE_EVENT, about);
  },
};

export const collectors: readonly Collector[] = [versions, doctor, ...objects, crds, ...operator, events, logs];
