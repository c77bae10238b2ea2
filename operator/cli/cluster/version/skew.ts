/** Whether this plugin works with an operator of another version: up to one minor version older or newer, of the same major version. Pure. */
import { imageVersion, isOlder, versionOf } from '../doctor/version.ts';
import { operatorContainer } from '../doctor/checks/operator.ts';
import type { Deployment, Lease, Pod } from '../kinds.ts';

export type Skew = 'same' | 'supported' | 'unsupported' | 'unknown';

export interface SkewVerdict {
  readonly skew: Skew;
  /** A fragment for people. */
  readonly message: string;
}

const mostMinors = 1;

/** `found` is undefined, or no version, where it is not known. */
export function skewOf(own: string, found: string | undefined): SkewVerdict {
  const [ours, theirs] = [versionOf(own), versionOf(found ?? '')];
  if (!ours || !theirs || found === undefined)
    return { skew: 'unknown', message: 'the version of the operator is unknown' };
  if (found.replace(/^v/, '') === own.replace(/^v/, ''))
    return { skew: 'same', message: 'plugin and operator are of the same version' };
  const isOther = ours[0] !== theirs[0];
  const minors = Math.abs(ours[1] - theirs[1]);
  if (!isOther && minors === 0)
    return { skew: 'supported', message: 'plugin and operator are of the same minor version' };
  const side = isOlder(theirs, ours) ? 'older' : 'newer';
  const distance = isOther ? `of ${side === 'older' ? 'an older' : 'a newer'} major version` : minorsIn(minors, side);
  if (!isOther && minors <= mostMinors)
    return { skew: 'supported', message: `the operator is ${distance} than this plugin, which works` };
  const advice =
    side === 'older'
      ? `upgrade the operator, or use the plugin of version ${shown(theirs)}`
      : `use the plugin of version ${shown(theirs)}`;
  return {
    skew: 'unsupported',
    message: `the operator is ${distance}${isOther ? '' : ` than this plugin, which supports ${mostMinors}`}; ${advice}`,
  };
}

function minorsIn(minors: number, side: string): string {
  return `${minors} minor ${minors === 1 ? 'version' : 'versions'} ${side}`;
}

function shown([major, minor]: readonly number[]): string {
  return `${major}.${minor}`;
}

/** One operator process, or several of one version. */
export interface Running {
  readonly version: string | undefined;
  readonly image: string;
  readonly pods: number;
  /** Whether the pod that holds the Lease is one of them. */
  readonly leads: boolean;
}

export interface Seen {
  readonly deployment: Deployment | undefined;
  readonly pods: readonly Pod[];
  readonly lease: Lease | undefined;
}

/** The versions of the pods that run, the leader's first; those of the Deployment while no pod runs. During an upgrade there are two. */
export function runningOf({ deployment, pods, lease }: Seen): Running[] {
  const leader = String(lease?.spec?.holderIdentity ?? '').split('_')[0];
  const there = pods.filter(({ metadata, status }) => !metadata.deletionTimestamp && status?.phase === 'Running');
  const all = there.map((pod) => {
    const image = operatorContainer({ template: { spec: pod.spec } } as Deployment['spec'])?.image ?? '';
    return { image, version: versionIn(image, pod.metadata.labels), leads: pod.metadata.name === leader };
  });
  const groups = [...Map.groupBy(all, ({ image, version = '' }) => `${version} ${image}`).values()].map((ones) => ({
    version: ones[0]!.version,
    image: ones[0]!.image,
    pods: ones.length,
    leads: ones.some(({ leads }) => leads),
  }));
  if (groups.length > 0) return groups.toSorted((a, b) => Number(b.leads) - Number(a.leads));
  if (!deployment) return [];
  const image = operatorContainer(deployment.spec)?.image ?? '';
  return [{ image, version: versionIn(image, deployment.metadata.labels), pods: 0, leads: false }];
}

/** By the tag of the image, or, if that is none, by the label that the chart sets. */
function versionIn(image: string, labels: Readonly<Record<string, string>> = {}): string | undefined {
  const found = [imageVersion(image), labels['app.kubernetes.io/version'] ?? ''].find((text) => versionOf(text));
  return found?.replace(/^v/, '');
}

const order: readonly Skew[] = ['unsupported', 'unknown', 'supported', 'same'];

/** That of what runs, the worst first; unknown while nothing is known to run. */
export function worstSkew(own: string, running: readonly Running[]): SkewVerdict {
  const all = running.map(({ version }) => skewOf(own, version));
  return all.toSorted((a, b) => order.indexOf(a.skew) - order.indexOf(b.skew))[0] ?? skewOf(own, undefined);
}
