/**
 * Shows each DriftReport as a Report of openreports.io, or of wgpolicyk8s.io, for dashboards that read those. It is off by default, since it doubles what
 * is stored; it changes nothing else, and needs a right of its own in each namespace.
 */
import { resources } from '../../api/generated/resources.ts';
import type { Kind } from '../../api/kind.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import { ungrantedWords } from '../../governance/grants.ts';
import { feature, on, type Grant, type Observing, type Plan } from '../../runtime/feature.ts';
import { policyReport, policyReportKinds, type PolicyReportGroup } from '../outputs/policyReport.ts';

export interface PolicyReportNeeds {
  /** The API to write to. */
  readonly policyReports: PolicyReportGroup;
  /** Undefined where the apiserver does not serve that kind. */
  readonly kindOf: (group: string, version: string, kind: string) => Promise<Kind | undefined>;
}

const grant: Grant = {
  name: 'holdfast-policy-reports',
  access: Object.entries(policyReportKinds).map(([group, { plural }]) => ({
    group,
    resources: [plural],
    verbs: ['get', 'create', 'patch'],
  })),
  allows: 'write every Report of openreports.io and every PolicyReport of wgpolicyk8s.io',
};

export type ReportWorld =
  | { readonly is: 'able'; readonly group: PolicyReportGroup; readonly kind: Kind }
  /** `isNews` once for all reports of a namespace, each time that it was looked at. */
  | { readonly is: 'unable'; readonly message: string; readonly isNews: boolean };

/** What others changed is put back then; until then it is not seen. */
const recheckSeconds = 3600;
const retrySeconds = 300;

export const policyReports = feature({
  kind: resources.DriftReport,
  mirrors: true,
  grants: [grant],
  // Behind what a pass of the main job writes.
  workers: 2,
  // Their statuses are written by this process too, and those wake nobody by themselves.
  watches: [
    on(resources.DriftReport, 'any', ({ metadata: { namespace = '', name } }) => [{ namespace, name }], {
      settleSeconds: 1,
    }),
  ],
  open: (needs: PolicyReportNeeds) => ({ observe: reportObserver(needs), decide: decideReport }),
});

/** Whether reports can be written there is asked once for all of a namespace, and again after a while. */
function reportObserver({ policyReports: group, kindOf }: PolicyReportNeeds) {
  const { version, kind: name, plural } = policyReportKinds[group];
  const wanted = { ...grant, access: grant.access.filter((one) => one.group === group) };
  const asked = new Map<string, { readonly until: number; readonly answer: Promise<Kind | string> }>();
  return async (
    { metadata: { namespace = '' } }: DriftReport,
    { read, now, signal }: Observing,
  ): Promise<ReportWorld> => {
    const known = asked.get(namespace);
    const isNews = !known || known.until <= now.getTime();
    const asking = isNews ? ask() : known.answer;
    if (isNews) asked.set(namespace, { answer: asking, until: now.getTime() + retrySeconds * 1000 });
    const answer = await asking.catch((error: unknown) => {
      asked.delete(namespace);
      throw error;
    });
    return typeof answer === 'string' ? { is: 'unable', message: answer, isNews } : { is: 'able', group, kind: answer };

    async function ask(): Promise<Kind | string> {
      const kind = await kindOf(group, version, name);
      if (!kind)
        return `the cluster does not serve ${plural}.${group} ${version}; install its CRD, or do not set --policy-reports`;
      const commands = await read.ungranted(wanted, { namespace }, signal);
      return commands === undefined ? kind : ungrantedWords(`write ${plural}.${group} in this namespace`, commands);
    }
  };
}

export function decideReport(report: DriftReport, world: ReportWorld): Plan<DriftReport> {
  const nothing = { status: {}, actions: [] };
  if (world.is === 'unable') {
    const { message, isNews } = world;
    const reason = 'NoPolicyReport';
    return {
      ...nothing,
      outcome: { is: 'waiting', reason, message, recheckAfter: retrySeconds },
      notes: isNews ? [{ type: 'Warning', reason, message: `there are no policy reports: ${message}` }] : [],
    };
  }
  const object = policyReport(world.group, report);
  return {
    ...nothing,
    outcome: { is: 'ready', reason: 'Written', message: 'it is shown', recheckAfter: recheckSeconds },
    actions: object ? [{ do: 'apply', kind: world.kind, object }] : [],
  };
}
