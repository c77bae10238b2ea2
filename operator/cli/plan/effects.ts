/** Reads, once a namespace, what the effects of planned objects are decided by, and asks hosts where that is wished. */
import { resources } from '../../api/generated/resources.ts';
import type { ClusterBaseline } from '../../api/v1alpha1/clusterBaseline.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { MaintenanceWindow } from '../../api/v1alpha1/maintenanceWindow.ts';
import type { PolicyWaiver } from '../../api/v1alpha1/policyWaiver.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { selectedDevices } from '../../drift/deviceBaseline/source.ts';
import { waiversBySource } from '../../findings/indexes.ts';
import { sourceId } from '../../findings/source.ts';
import type { Cluster } from '../command.ts';
import { listed } from '../cluster/listed.ts';
import { readerOver } from '../cluster/results/reader.ts';
import { unread } from '../cluster/unread.ts';
import { baselineEffect } from './baselineEffect.ts';
import { clusterEffect } from './clusterEffect.ts';
import type { Effect } from './effect.ts';
import { askHosts, mostAsked, type Asked } from './hosts.ts';
import { knownFrom } from './knowledge.ts';
import { otherEffect } from './otherEffects.ts';
import { ownAccount } from './ownAccount.ts';
import { seenIn, withPlanned, type Listed } from './seen.ts';

interface About {
  readonly cluster: Cluster;
  readonly ssh: boolean;
  readonly sudo: boolean;
  readonly isWide: boolean;
  /** All objects of the files as they would be. */
  readonly planned: readonly Resource[];
  readonly conceal: (text: string) => string;
  readonly now: Date;
}

const withEffects = new Set(['DeviceBaseline', 'PolicyWaiver', 'MaintenanceWindow', 'CanaryRollout', 'Device']);
const decidesAboutHosts = ['Device', 'DriftReport', 'DeviceBaseline', 'PolicyWaiver', 'AnsibleRun'];

export class Effects {
  readonly #about: About;
  readonly #seen = new Map<string, Promise<Listed>>();

  constructor(about: About) {
    this.#about = about;
  }

  async of(after: Resource, before: Resource | undefined): Promise<Effect | undefined> {
    if (!after.apiVersion.startsWith('holdfast.dev/')) return undefined;
    if (after.kind === 'ClusterBaseline') return this.#ofCluster(after as ClusterBaseline);
    if (!withEffects.has(after.kind)) return undefined;
    const { namespace = '' } = after.metadata;
    const listing = await this.#listed(namespace);
    const seen = withPlanned(listing, this.#own(namespace));
    if (after.kind === 'DeviceBaseline')
      return this.#ofHosts(after as DeviceBaseline, before as DeviceBaseline | undefined, { listing, seen });
    const clusterBaseline = after.kind === 'PolicyWaiver' ? await this.#waived(after as PolicyWaiver) : undefined;
    const { now, isWide } = this.#about;
    return otherEffect(after, { seen, clusterBaseline, now, isWide });
  }

  async #ofHosts(
    after: DeviceBaseline,
    before: DeviceBaseline | undefined,
    { listing, seen }: { listing: Listed; seen: ReturnType<typeof withPlanned> },
  ): Promise<Effect> {
    const { now, isWide } = this.#about;
    const objectsOf = <R>(kind: string): readonly R[] => (listing.objects.get(kind) ?? []) as readonly R[];
    // The reports are about what is there now.
    const known = knownFrom(objectsOf<DeviceBaseline>('DeviceBaseline'), objectsOf<DriftReport>('DriftReport'), now);
    const devices = selectedDevices(after, seen.read);
    const { asked, left } = await this.#ask(devices, after);
    const wanted = [
      ...decidesAboutHosts,
      ...(after.spec.remediation?.windowRef ? ['MaintenanceWindow'] : []),
      ...(after.spec.updateStrategy?.type === 'Rollout' ? ['CanaryRollout'] : []),
    ];
    const lacks = wanted.flatMap((kind) => seen.unread.get(kind) ?? []);
    const world = {
      ...{ before, after, read: seen.read, asked, now, unread: [...lacks, ...left] },
      known: (device: Device) => known(device, after.spec.checks),
    };
    return baselineEffect(world, isWide);
  }

  async #ask(
    devices: readonly Device[],
    { spec }: DeviceBaseline,
  ): Promise<{ asked: ReadonlyMap<string, Asked>; left: string[] }> {
    const { ssh, sudo, conceal } = this.#about;
    if (!ssh) return { asked: new Map(), left: [] };
    const asked = await askHosts(devices, spec.checks, { sudo, conceal });
    const rest = devices.length - asked.size;
    return { asked, left: rest > 0 ? [`${rest} hosts are not asked: --ssh asks ${mostAsked} at most`] : [] };
  }

  async #ofCluster(after: ClusterBaseline): Promise<Effect> {
    const { cluster, conceal, now, isWide } = this.#about;
    const { serviceAccountRef, windowRef } = after.spec;
    const lacks: string[] = [];
    const waivers = await listed<PolicyWaiver>(cluster, resources.PolicyWaiver, '').catch((error: unknown) => {
      lacks.push(unread(error).message);
      return [];
    });
    const all = [...waivers, ...this.#about.planned.filter(({ kind }) => kind === 'PolicyWaiver')] as PolicyWaiver[];
    const read = readerOver(new Map([['PolicyWaiver', all]]));
    const window = windowRef && (await this.#window(serviceAccountRef.namespace, windowRef.name, lacks));
    return clusterEffect(after, {
      ...{ cluster, conceal, window, now, isWide, unread: lacks, account: ownAccount(cluster) },
      waivers: read.by(waiversBySource, '', sourceId('ClusterBaseline', after.metadata.name)),
    });
  }

  async #window(namespace: string, name: string, lacks: string[]): Promise<MaintenanceWindow | undefined> {
    const own = this.#own(namespace).find((one) => one.kind === 'MaintenanceWindow' && one.metadata.name === name);
    if (own) return own as MaintenanceWindow;
    const key = { namespace, name };
    try {
      const { client } = this.#about.cluster;
      return await client.get<MaintenanceWindow>(resources.MaintenanceWindow, key, AbortSignal.timeout(10_000));
    } catch (error) {
      lacks.push(unread(error).message);
      return undefined;
    }
  }

  async #waived({ spec: { source } }: PolicyWaiver): Promise<ClusterBaseline | undefined> {
    if (source.kind !== 'ClusterBaseline') return undefined;
    const key = { namespace: '', name: source.name };
    const { client } = this.#about.cluster;
    return client
      .get<ClusterBaseline>(resources.ClusterBaseline, key, AbortSignal.timeout(10_000))
      .catch(() => undefined);
  }

  /** Objects of the files that are in a namespace. */
  #own(namespace: string): Resource[] {
    return this.#about.planned.filter(({ metadata }) => metadata.namespace === namespace);
  }

  #listed(namespace: string): Promise<Listed> {
    const known = this.#seen.get(namespace) ?? seenIn(this.#about.cluster, namespace);
    this.#seen.set(namespace, known);
    return known;
  }
}
