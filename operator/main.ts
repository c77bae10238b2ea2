/** Wiring only: options → connectors → runtime → features → start. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { resources } from './api/generated/resources.ts';
import type { Kind } from './api/kind.ts';
import { kubernetesJobs } from './connect/ansible/job.ts';
import { openLocalAnsible } from './connect/ansible/local.ts';
import { addressFinder } from './connect/network/addresses.ts';
import { mayReach } from './connect/network/networks.ts';
import { assertOwn, privateFolder } from './connect/privateFolder.ts';
import { openStores } from './connect/objectStore/openStores.ts';
import { readObjectStores } from './connect/objectStore/readObjectStores.ts';
import { openPrometheus } from './connect/prometheus/openPrometheus.ts';
import { readServers } from './connect/prometheus/readServers.ts';
import { openSigning } from './connect/signing/openSigning.ts';
import { readServices } from './connect/signing/readServices.ts';
import { guarded } from './connect/ssh/guarded.ts';
import { openSsh } from './connect/ssh/openSsh.ts';
import { keptRevisions } from './drift/revision/store.ts';
import { probeHost } from './drift/probe/probe.ts';
import { clusterId } from './evidence/cluster.ts';
import { exportJournal } from './evidence/evidenceExport/exportJournal.ts';
import { packJournal } from './evidence/evidencePack/packJournal.ts';
import { packParts } from './evidence/evidencePack/parts.ts';
import type { Journals } from './evidence/journal/journals.ts';
import { features, optionalFeatures } from './features.ts';
import { findingSources } from './findingSources.ts';
import { keyedDigest } from './lib/digest.ts';
import { notifiers } from './notifiers.ts';
import { Client } from './runtime/client.ts';
import { systemClock } from './runtime/clock.ts';
import { connectionOf } from './runtime/connection.ts';
import { Discovery } from './runtime/discovery.ts';
import { openAll } from './runtime/feature.ts';
import { createLog } from './runtime/log.ts';
import { createMetrics } from './runtime/metrics.ts';
import { startRuntime, type Runtime } from './runtime/runtime.ts';
import { stopOnSignal } from './runtime/stopping.ts';
import { unheeded } from './governance/admission.ts';
import { cachedGuard } from './governance/approvalPolicies.ts';
import { approvalPolicies } from './wiring/approvalPolicies.ts';
import { digestKey } from './wiring/digestKey.ts';
import { openJournals } from './wiring/journals.ts';
import { hostModule } from './wiring/hostModule.ts';
import { ownNetworks } from './wiring/ownNetworks.ts';
import { createMeters } from './wiring/meters.ts';
import { helpText, readOptions, type Options } from './wiring/options.ts';
import { assertNoRival, leaseName } from './wiring/rivals.ts';
import { sharedKey } from './wiring/sharedKey.ts';
import { startProblem } from './wiring/startProblem.ts';
import { ownVersion } from './wiring/version.ts';

async function main(options: Options): Promise<void> {
  const { stateFolder } = options;
  const prometheusServers = options.prometheusServers ? readServers(options.prometheusServers) : [];
  const signing = openSigning(options.signingServices ? readServices(options.signingServices) : []);
  const objectStores = options.objectStores ? readObjectStores(options.objectStores) : [];
  let runtime: Runtime | undefined = undefined;
  let journals: Journals | undefined = undefined;
  let cluster: string | undefined = undefined;
  const log = createLog(options.logLevel);
  const metrics = createMetrics(ownVersion());
  const meters = createMeters({
    registry: metrics.registry,
    clock: systemClock,
    byHost: options.hostMetrics,
    exists(id) {
      const [namespace = '', name = ''] = id.split('/');
      return runtime?.reader.get(resources.Device, { namespace, name }) !== undefined;
    },
  });
  assertOwn(stateFolder);
  const openedSsh = openSsh({
    folder: join(stateFolder, 'ssh'),
    maxConnections: options.maxConnections,
    // While this process is small, before it knows of any object.
    readyClients: 16,
  });
  stopOnSignal({
    async stop() {
      await runtime?.stop();
      await journals?.stop();
    },
    cleanUp: () => openedSsh.close(),
  });
  const connection = await connectionOf(options.kubeconfig);
  const client = new Client(connection, {
    userAgent: 'holdfast',
    onRequest: (verb, code) => metrics.requested(verb, code),
  });
  const isInPod = !options.kubeconfig && process.env['KUBERNETES_SERVICE_HOST'] !== undefined;
  const home = (isInPod && connection.namespace) || 'default';
  const election = options.lease === 'none' ? undefined : (options.lease ?? { namespace: home, name: leaseName });
  const rules = {
    allowed: options.allowedNetworks,
    denied: options.deniedNetworks,
    own: await ownNetworks({
      client,
      server: connection.server,
      isInPod,
      onUnknown: (path) => log.warn({ path }, 'networks of the cluster are unknown; set --denied-networks'),
      onSilence: (error) => {
        log.warn({ err: error }, 'the apiserver does not respond; it is asked again every two seconds');
        return new Promise((resolve) => setTimeout(resolve, 2000));
      },
    }),
  };
  const ssh = guarded(openedSsh, {
    findAddress: addressFinder({ mayReach: mayReach(rules) }),
    onConcealed: ({ id }, { reason, message }) => log.info({ device: id, reason, message }, 'no proof of identity'),
  });
  const secret = options.digestKeySecret;
  const key = secret
    ? await sharedKey(client, { ...secret, namespace: secret.namespace || home })
    : digestKey(options.digestKeyFile || join(stateFolder, 'digest-key'));
  // Of its own, so that what is shown as a digest can never be a seal.
  const sealKey = Buffer.from(keyedDigest(key, 'seal of statuses'), 'hex');
  const policies = approvalPolicies();
  const discovery = new Discovery(client, systemClock);
  const openStore = openStores({
    servers: objectStores,
    folder: options.evidenceFolder || join(stateFolder, 'evidence'),
    quota: options.evidenceQuota * 2 ** 20,
  });
  const seal = (text: string): string => keyedDigest(sealKey, text);
  const conceal = (text: string): string => `hmac:${keyedDigest(key, text).slice(0, 16)}`;
  const journalFolder = options.journalFolder || join(stateFolder, 'journal');
  journals = openJournals({
    folder: journalFolder,
    spoolBytes: options.journalSpool * 1024 * 1024,
    openStore,
    read: () => runtime?.reader,
    lookAgain: (namespace) => runtime?.lookAgain(namespace),
    cluster: () => cluster,
    seal,
    clock: systemClock,
    log,
    registry: metrics.registry,
  });
  runtime = await startRuntime({
    client,
    log,
    metrics,
    namespace: options.namespace,
    election,
    beforePasses: async () => {
      await assertNoRival({
        client,
        own: election,
        wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
        onUnknown: (error) =>
          log.warn({ err: error }, 'whether another operator leads is unknown; grant list on leases'),
      });
      cluster = await clusterId(
        { tryFetch: (kind, key, signal) => client.get(kind as Kind, key, signal) },
        AbortSignal.timeout(10_000),
      ).catch(() => undefined);
      if (cluster === undefined)
        log.warn('nothing is journaled, because the uid of namespace kube-system cannot be read; grant get on it');
    },
    recorder: journals,
    health: options.listen,
    unready: (read) => unheeded(cachedGuard(policies, read), systemClock.now()),
    notifiers,
    withoutLabels: options.hostMetrics ? [] : ['target'],
    features: openAll(options.policyReports ? [...features, ...optionalFeatures] : features, {
      policyReports: options.policyReports ?? 'openreports.io',
      probe: meters.measured((target, checks, signal) => probeHost(ssh, target, checks, signal)),
      locate: (target, signal) => ssh.locate(target, signal),
      conceal,
      elapsed: () => systemClock.elapsed(),
      local: openLocalAnsible({ folder: join(stateFolder, 'ansible'), python: options.ansibleBin }),
      hostModule: hostModule(),
      jobs: kubernetesJobs({ image: options.runnerImage }),
      nonce: () => randomBytes(6).toString('hex'),
      mostLocalRuns: options.maxLocalRuns,
      localPlaybooks: options.localPlaybooks,
      onOutcome: meters.onOutcome,
      revisions: keptRevisions(),
      ...openPrometheus({
        servers: prometheusServers,
        elapsed: () => systemClock.elapsed(),
        random: Math.random,
        onQuery: meters.onQuery,
      }),
      openStore,
      journalOf: (store) => journals?.standing(store),
      record: packJournal(journals).append,
      approvalPolicies: policies,
      seal,
      tenantLabel: (name) =>
        prometheusServers.find((one) => (name === undefined ? one.isDefault : one.name === name))?.tenant?.label,
      kindOf: (group, version, kind) => discovery.kindOf(group, version, kind),
      signing,
      packParts: {
        ...packParts(conceal),
        journal: packJournal(journals),
        sources: findingSources,
        folder: privateFolder(join(journalFolder, 'packs')),
        version: ownVersion(),
        now: () => systemClock.now(),
      },
      exportParts: {
        journal: exportJournal(journals),
        folder: privateFolder(join(journalFolder, 'exports')),
        now: () => systemClock.now(),
      },
    }),
  });
  await runtime.leading;
  log.info({ port: runtime.healthPort }, 'started');
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') console.log(helpText());
  else await main(options);
} catch (error) {
  console.error(`error: ${startProblem(error)}`);
  if (process.env['NODE_DEBUG']) console.error(error);
  process.exit(2);
}
