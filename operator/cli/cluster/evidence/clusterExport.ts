/** Exports evidence through the cluster, in the name of who calls it: creates an EvidenceExport, waits for it, downloads its archive, and deletes it. */
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { resources } from '../../../api/generated/resources.ts';
import type { EvidenceExport, EvidenceExportSpec } from '../../../api/v1alpha1/evidenceExport.ts';
import { linkContext } from '../../../evidence/evidenceExport/link.ts';
import { counted } from '../../../lib/text.ts';
import { openSealed } from '../../../lib/sealedBox.ts';
import { hasStatus } from '../../../runtime/apiError.ts';
import { sleep } from '../../../runtime/clock.ts';
import type { Key } from '../../../runtime/feature.ts';
import { exit, Failure, type Cluster, type Exit, type Io, type Where } from '../../command.ts';
import { printable } from '../../table.ts';
import { unread } from '../unread.ts';
import { download } from './download.ts';
import { whyNotFrom } from './place.ts';
import { manager } from '../within.ts';

export interface ClusterExport {
  readonly store: string;
  readonly namespace?: string;
  readonly where: Where;
  readonly wish: Pick<EvidenceExportSpec, 'packs' | 'from' | 'to' | 'frameworks' | 'sections'>;
  readonly reason: string;
  readonly output: string;
  readonly replaces: boolean;
  readonly keep: boolean;
  readonly endpoint?: string;
  readonly ca?: string;
  /** Verifies the archive; undefined where no key was given. Throws a `Failure`. */
  readonly verify?: (path: string) => Promise<Exit>;
}

const kind = resources.EvidenceExport;
const pollMilliseconds = 1000;
const mostMilliseconds = 30 * 60_000;
const requestMilliseconds = 30_000;

export async function runClusterExport(given: ClusterExport, io: Io): Promise<Exit> {
  const cluster = await io.cluster(given.where);
  try {
    return await exported(given, cluster, io);
  } finally {
    await cluster.close();
  }
}

async function exported(given: ClusterExport, cluster: Cluster, io: Io): Promise<Exit> {
  const namespace = given.namespace ?? cluster.namespace ?? 'default';
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const { key, uid } = await created(given, cluster, { namespace, recipientKey: pem });
  io.stderr(`EvidenceExport ${key.name} is created.\n`);
  let isKept = given.keep;
  try {
    const found = await untilReady(key, uid, cluster, io);
    const { archive } = found.status ?? {};
    if (!archive) throw new Failure(`EvidenceExport ${key.name} has no archive.`);
    if (!found.status?.link) {
      isKept = true;
      io.stderr(
        `The store has no links. The archive is at ${printable(archive.uri ?? archive.key)} until ${found.status?.expiryTime ?? ''}; copy it from there. It has ${archive.digest}.\n`,
      );
      return exit.differs;
    }
    return await received(found, privateKey, given, io);
  } finally {
    await (isKept ? tellKept(key, io) : removed(key, uid, cluster, io));
  }
}

async function created(
  { store, wish, reason }: ClusterExport,
  cluster: Cluster,
  { namespace, recipientKey }: { namespace: string; recipientKey: string },
): Promise<{ key: Key; uid: string }> {
  const name = `export-${randomBytes(5).toString('hex')}`;
  try {
    const requestedBy = await cluster.client.self(soon());
    const spec: EvidenceExportSpec = { storeRef: { name: store }, requestedBy, reason, recipientKey, ...wish };
    const object = {
      apiVersion: `${kind.group}/${kind.version}`,
      kind: kind.kind,
      metadata: { name, namespace },
      spec,
    };
    const { metadata } = await cluster.client.create(kind, object, { manager, signal: soon() });
    return { key: { namespace, name }, uid: metadata.uid ?? '' };
  } catch (error) {
    throw new Failure(printable(`Nothing was exported: ${sentence(error)}.`));
  }
}

/** The policy says which verb is missing. */
function sentence(error: unknown): string {
  const said = (error as { said?: unknown }).said;
  const [, policy] = /denied request: (.*)$/s.exec(typeof said === 'string' ? said : '') ?? [];
  return (policy ?? unread(error).message).replace(/\.$/, '');
}

function soon(): AbortSignal {
  return AbortSignal.timeout(requestMilliseconds);
}

async function untilReady(key: Key, uid: string, { client, clock }: Cluster, io: Io): Promise<EvidenceExport> {
  const { signal } = new AbortController();
  const start = clock.elapsed();
  let last = '';
  for (;;) {
    const found = (await client.get(kind, key, soon()).catch((error: unknown) => {
      throw new Failure(printable(`EvidenceExport ${key.name} cannot be read: ${unread(error).message}.`));
    })) as EvidenceExport | undefined;
    if (found?.metadata.uid !== uid)
      throw new Failure(`EvidenceExport ${key.name} was deleted by someone else; run the command again.`);
    const { conditions = [] } = found.status ?? {};
    const ready = conditions.find(({ type }) => type === 'Ready');
    const says = ready ? printable(ready.message) : 'waiting for the operator';
    if (says !== last) io.stderr(`  ${says}\n`);
    last = says;
    if (isDone(found)) return found;
    if (conditions.some(({ type, status }) => type === 'Stalled' && status === 'True'))
      throw new Failure(`It was not exported: ${says}.`);
    if (clock.elapsed() - start > mostMilliseconds)
      throw new Failure(
        `It was not exported within ${mostMilliseconds / 60_000} minutes: ${says}. See \`kubectl describe evidencestore -n ${key.namespace}\`, and whether the operator runs.`,
      );
    await sleep(clock, pollMilliseconds, signal);
  }
}

/** Without a link, only where there is none to come. */
function isDone({ status }: EvidenceExport): boolean {
  const isAvailable = status?.conditions?.some(({ type, status: is }) => type === 'Available' && is === 'True');
  if (!isAvailable || status?.archive?.storedTime === undefined) return false;
  return status.link !== undefined || /^(file|filesystem):/.test(status.archive.uri ?? '');
}

async function received(
  { metadata, status }: EvidenceExport,
  privateKey: KeyObject,
  given: ClusterExport,
  io: Io,
): Promise<Exit> {
  const { archive, link } = status ?? {};
  if (!archive || !link) throw new Failure('There is nothing to download.');
  const url = opened({ metadata }, privateKey, archive.digest, link);
  const why = whyNotFrom(url, given.endpoint);
  if (why !== undefined) throw new Failure(printable(why));
  const { output, replaces, verify } = given;
  const file = await io.createFile(output, replaces);
  const sha256 = archive.digest.slice('sha256:'.length);
  try {
    await download(url, file, { sha256, bytes: archive.bytes }, given.ca);
    await file.keep();
  } catch (error) {
    await file.discard();
    throw error;
  }
  const packs = archive.packs.reduce((sum, { count }) => sum + count, 0);
  io.stderr(
    `Wrote ${counted(packs, 'pack')} to ${printable(output)}; sha256 ${sha256}. The journal has it since ${archive.recordedTime}.\n`,
  );
  if (verify) return verify(output);
  io.stderr('It was verified by the operator alone; give the public key with --key to verify it here.\n');
  return exit.holds;
}

function opened(
  object: Pick<EvidenceExport, 'metadata'>,
  privateKey: KeyObject,
  digest: string,
  link: NonNullable<EvidenceExport['status']>['link'] & object,
): string {
  try {
    return openSealed(privateKey, link, linkContext(object, digest, link.expiryTime));
  } catch {
    throw new Failure(
      'The link in the status is not for this export: someone else wrote it; find out who may write statuses (policies/status.yaml).',
    );
  }
}

function tellKept({ namespace, name }: Key, io: Io): Promise<void> {
  io.stderr(
    `EvidenceExport ${name} is kept; to delete its archive, run \`kubectl delete evidenceexport ${name} -n ${namespace}\`.\n`,
  );
  return Promise.resolve();
}

/** The archive is deleted with it. */
async function removed({ namespace, name }: Key, uid: string, { client }: Cluster, io: Io): Promise<void> {
  try {
    await client.delete(kind, { namespace, name }, uid, { signal: soon() });
  } catch (error) {
    const why = hasStatus(error, 409) ? 'it is another one' : unread(error).message;
    io.stderr(
      printable(
        `EvidenceExport ${name} was not deleted: ${why}; run \`kubectl delete evidenceexport ${name} -n ${namespace}\`.`,
      ) + '\n',
    );
  }
}
