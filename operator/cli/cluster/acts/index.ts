/** Requests about objects, each onto the version that was read: what somebody else changes meanwhile is never overwritten. */
import { resources } from '../../../api/generated/resources.ts';
import type { Kind } from '../../../api/kind.ts';
import { isSuspended } from '../../../api/suspension.ts';
import type { Resource, Suspend } from '../../../api/v1alpha1/shared.ts';
import { timestamp } from '../../../lib/timestamp.ts';
import { hasStatus } from '../../../runtime/apiError.ts';
import type { Suspendable } from '../../acts.ts';
import { exit, Failure, UsageError, type Cluster, type Exit, type Io } from '../../command.ts';
import { laterThan } from '../laterThan.ts';
import { plain } from '../lines.ts';
import { asFailure } from '../listed.ts';
import { manager, within, type Place } from '../within.ts';

/** Any change of a Device has it evaluated at once; this one says so. */
const evaluate = 'holdfast.dev/evaluate';

export function runScan(
  { names, place }: { readonly names: readonly string[]; readonly place: Place },
  io: Io,
): Promise<Exit> {
  return within(place, io, async (cluster, namespace) => {
    let failures = 0;
    for (const name of names) {
      try {
        await patch(cluster, resources.Device, { namespace, name }, () => ({
          metadata: { annotations: { [evaluate]: timestamp(cluster.date() ?? cluster.clock.now()) } },
        }));
        io.stdout(`Requested to evaluate Device ${name} now.\n`);
      } catch (error) {
        failures += 1;
        io.stderr(`error: ${unchanged(`Device ${name}`, error).message}\n`);
      }
    }
    return failures === 0 ? exit.holds : exit.failed;
  });
}

function unchanged(what: string, error: unknown): Failure {
  if (error instanceof Failure) return new Failure(plain(`${what}: ${error.message}.`));
  return asFailure(`${what} was not changed`, error);
}

interface Suspending {
  readonly kind: Suspendable;
  readonly name: string;
  /** Undefined to resume. */
  readonly suspend?: { readonly reason: string; readonly until: string | undefined };
  readonly place: Place;
}

export function runSuspend({ kind: word, name, suspend, place }: Suspending, io: Io): Promise<Exit> {
  return within(place, io, async (cluster, namespace) => {
    const now = cluster.date() ?? cluster.clock.now();
    const until = suspend?.until === undefined ? undefined : laterThan(suspend.until, now);
    if (suspend?.until !== undefined && until === undefined)
      throw new UsageError('--until must be a time or a duration in the future, such as 2026-11-29T04:00:00Z or 2h');
    const kind: Kind = resources[word];
    const key = { namespace: kind.namespaced ? namespace : '', name };
    const what = `${word} ${name}`;
    const wanted = suspend && { reason: suspend.reason, until: until ?? null };
    try {
      const said = await patch(cluster, kind, key, (object) => decided(object, wanted, now));
      io.stdout(
        `${plain(said === 'written' ? `${suspend ? 'Suspended' : 'Resumed'} ${what}${until === undefined ? '' : ` until ${until}`}.` : `${what} ${said}.`)}\n`,
      );
      return exit.holds;
    } catch (error) {
      throw unchanged(what, error);
    }
  });
}

/** The patch, or why nothing has to be written. A pause for another reason is not replaced: whoever made it relies on it. */
export function decided(
  object: Resource,
  wanted: { readonly reason: string; readonly until: string | null } | undefined,
  now: Date,
): object | string {
  const { suspend } = (object.spec ?? {}) as { readonly suspend?: Suspend };
  if (!wanted) return suspend ? { spec: { suspend: null } } : 'is not suspended';
  if (!suspend || !isSuspended(suspend, now)) return { spec: { suspend: wanted } };
  if (suspend.reason === wanted.reason && (suspend.until ?? null) === wanted.until) return 'is suspended already';
  throw new Failure(`it is suspended already, for another reason (${suspend.reason}); resume it first to replace that`);
}

async function patch(
  { client }: Cluster,
  kind: Kind,
  key: { readonly namespace: string; readonly name: string },
  decide: (object: Resource) => object | string,
): Promise<string> {
  const object = await client.get<Resource>(kind, key, AbortSignal.timeout(10_000));
  if (!object) {
    const place = key.namespace === '' ? '' : ` in namespace ${key.namespace}`;
    throw new Failure(`it does not exist${place}; check its name`);
  }
  const change = decide(object);
  if (typeof change === 'string') return change;
  const { resourceVersion, uid } = object.metadata;
  const { metadata } = change as { metadata?: object };
  const onto = { ...change, metadata: { ...metadata, resourceVersion, uid } };
  await client.mergePatch(kind, key, onto, { manager, signal: AbortSignal.timeout(10_000) }).catch((error: unknown) => {
    if (hasStatus(error, 409)) throw new Failure('it changed in the meantime, and nothing was written; repeat it');
    throw error;
  });
  return 'written';
}
