/** What is known of a rollout when its gates are evaluated: plain values, read by those who observe. What is missing is unknown. Pure. */
import type { RolloutFleet } from '../../api/v1alpha1/canaryRolloutStatus.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import type { DecimalText } from '../../api/v1alpha1/rolloutGates.ts';
import type { Timestamp } from '../../api/v1alpha1/shared.ts';
import type { MetricsAnswer, SingleValue } from '../../connect/prometheus/types.ts';

export interface Evidence {
  readonly fleet: FleetEvidence;
  readonly objectives?: readonly ObjectiveEvidence[];
  readonly metrics?: readonly MetricEvidence[];
  readonly comparisons?: readonly ComparisonEvidence[];
  readonly findings?: readonly ReportEvidence[];
}

/** Counts of hosts, or of replicas. Those that are in none of `converged`, `failed` and `unreachable` may yet comply. */
export type FleetEvidence = Pick<RolloutFleet, 'total' | 'targeted' | 'converged' | 'failed' | 'unreachable'>;

/** A ServiceLevelObjective. */
export interface ObjectiveEvidence {
  readonly name: string;
  /** `burning` is a fast burn. */
  readonly is: 'ok' | 'burning' | 'unknown';
  readonly reason: string;
  readonly message: string;
  /** What its error budget has left, in percent; negative when it is overspent. */
  readonly remainingPercent?: DecimalText;
  /** Events in its shortest window. */
  readonly samples?: number;
  /** When it was evaluated. */
  readonly observedTime?: Timestamp;
}

/** The answers to the queries of a metric gate. */
export interface MetricEvidence {
  readonly name: string;
  readonly value: SingleValue;
  readonly samples?: SingleValue;
}

/** The answers to the queries of a comparison, and which hosts are compared. */
export interface ComparisonEvidence {
  readonly name: string;
  /** Over which time they count; undefined before the step soaks. */
  readonly windowSeconds?: number;
  readonly errors: MetricsAnswer;
  readonly total: MetricsAnswer;
  /** Hosts that have the revision and respond. */
  readonly changed: readonly ComparedHost[];
  /** Hosts that do not have it yet. */
  readonly unchanged: readonly ComparedHost[];
}

export interface ComparedHost {
  readonly device: string;
  /** Its `spec.ssh.host`. */
  readonly address?: string;
}

/** What a baseline found on a host that has the revision. */
export interface ReportEvidence {
  readonly device: string;
  readonly baseline: string;
  /** When the host got the revision; for the baseline that is rolled out, when the host complied with it. Older findings were there before. */
  readonly since: Timestamp;
  /** Whether it is current and was read in full. */
  readonly isKnown: boolean;
  /** Why it is not known. */
  readonly message?: string;
  /** Worst first, each with its time. */
  readonly findings: readonly Finding[];
  readonly moreFindings?: number;
}
