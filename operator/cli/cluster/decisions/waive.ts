/** Writes a sound PolicyWaiver from what fails on a host now, and says who has to do what next. */
import { resources } from '../../../api/generated/resources.ts';
import type { DeviceBaseline } from '../../../api/v1alpha1/deviceBaseline.ts';
import type { Finding } from '../../../api/v1alpha1/finding.ts';
import { unfold } from '../../../findings/finding.ts';
import { ruleOf } from '../../../findings/waiver/rules.ts';
import { counted, listed as inWords } from '../../../lib/text.ts';
import { exit, Failure, UsageError, type Cluster, type Exit, type Io } from '../../command.ts';
import { writeYaml } from '../../yaml.ts';
import { deviceReports } from '../deviceReports.ts';
import { laterThan } from '../laterThan.ts';
import { plain } from '../lines.ts';
import { asFailure } from '../listed.ts';
import { manager, within, type Place } from '../within.ts';

interface Wanted {
  readonly device: string;
  readonly checks: readonly string[];
  readonly reason: string;
  readonly until: string;
  readonly baseline: string | undefined;
  readonly risk: string | undefined;
  readonly ticket: string | undefined;
  readonly name: string | undefined;
}

interface Asked extends Wanted {
  readonly dryRun: boolean;
  readonly place: Place;
}

interface Failing {
  readonly baseline: DeviceBaseline;
  readonly findings: readonly Finding[];
}

const dayMilliseconds = 86_400_000;

export function runWaive({ place, dryRun, ...asked }: Asked, io: Io): Promise<Exit> {
  return within(place, io, async (cluster, namespace) => {
    const now = cluster.date() ?? cluster.clock.now();
    const expiryTime = laterThan(asked.until, now);
    if (expiryTime === undefined)
      throw new UsageError('--until must be a time or a duration in the future, such as 2027-01-31T00:00:00Z or 336h');
    const { baseline, findings } = failing(asked, await readFailing(cluster, namespace, asked.device));
    assertNotTooLong(baseline, findings, (Date.parse(expiryTime) - now.getTime()) / dayMilliseconds);
    const requestedBy = await cluster.client.self(AbortSignal.timeout(10_000));
    const name = asked.name ?? nameOf(asked);
    const waiver = {
      apiVersion: 'holdfast.dev/v1alpha1',
      kind: 'PolicyWaiver',
      metadata: { name, namespace },
      spec: {
        source: { kind: 'DeviceBaseline', name: baseline.metadata.name },
        checks: asked.checks,
        targets: { names: [asked.device] },
        reason: asked.reason,
        ...(asked.risk !== undefined && { risk: asked.risk }),
        ...(asked.ticket !== undefined && { ticket: asked.ticket }),
        ...{ requestedBy, expiryTime },
      },
    };
    if (dryRun) {
      io.stdout(writeYaml(waiver));
      return exit.holds;
    }
    const signal = AbortSignal.timeout(10_000);
    await cluster.client.create(resources.PolicyWaiver, waiver, { manager, signal }).catch((error: unknown) => {
      throw asFailure(`PolicyWaiver ${name} was not created`, error);
    });
    const what = `${inWords(asked.checks)} of DeviceBaseline ${baseline.metadata.name} on ${asked.device}`;
    io.stdout(
      `Requested PolicyWaiver ${name} until ${expiryTime}: ${what}.\nIt counts once someone else has approved it: \`kubectl holdfast approve policywaiver/${name} -n ${namespace}\`; \`kubectl get policywaiver ${name} -n ${namespace} -o wide\` says what is missing.\n`,
    );
    return exit.holds;
  });
}

async function readFailing(cluster: Cluster, namespace: string, name: string): Promise<Failing[]> {
  try {
    const { reports } = await deviceReports(cluster, namespace, name);
    return reports.map(({ baseline, report }) => ({
      baseline,
      findings: unfold(report.status).filter(({ result }) => result === 'Fail'),
    }));
  } catch (error) {
    throw asFailure('what fails there cannot be read', error);
  }
}

/** The one baseline all of whose checks these are. */
export function failing(
  { device, checks, baseline: name }: Pick<Wanted, 'device' | 'checks' | 'baseline'>,
  all: readonly Failing[],
): Failing {
  const having = all.filter(
    ({ baseline, findings }) =>
      (name === undefined || baseline.metadata.name === name) &&
      checks.every((check) => findings.some((one) => one.check === check)),
  );
  const [only, ...others] = having;
  if (only && others.length === 0)
    return { ...only, findings: only.findings.filter(({ check }) => checks.includes(check)) };
  if (only) {
    const names = having.map(({ baseline }) => baseline.metadata.name).join(', ');
    throw new Failure(`Several DeviceBaselines have such checks; choose one with --baseline: ${names}.`);
  }
  const known = [...new Set(all.flatMap(({ findings }) => findings.map(({ check }) => check)))];
  const what = known.length > 0 ? `what fails there is ${inWords(known, 10)}` : 'nothing fails there';
  throw new Failure(
    plain(
      `${checks.join(', ')} ${checks.length === 1 ? 'does' : 'do'} not fail on ${device} under one baseline: ${what}; see \`kubectl holdfast why ${device}\`.`,
    ),
  );
}

function assertNotTooLong({ spec }: DeviceBaseline, findings: readonly Finding[], days: number): void {
  const most = Math.min(...findings.map(({ severity }) => ruleOf(spec.waivers, severity).maxDays));
  if (days > most)
    throw new Failure(`A waiver of these checks ends after at most ${counted(most, 'day')}; set --until to less.`);
}

function nameOf({ device, checks }: Wanted): string {
  return `${device}-${checks[0]}`
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .slice(0, 200)
    .replace(/[^a-z0-9]+$/, '');
}
