import type { Assignment, RevisionCount } from './assignment.ts';
import type { DeviceCheck } from './deviceCheck.ts';
import type {
  CorrectionState,
  Digest,
  Int32,
  IntOrString,
  LabelSelector,
  LocalRef,
  ObjectName,
  ObjectUid,
  Resource,
  ResourceStatus,
  Suspend,
  Text,
} from './shared.ts';
import type { WaiverRules } from './waiverRules.ts';

/**
 * What must be true of the hosts that its selector matches, and whether Holdfast only reports drift or also corrects it.
 *
 * @findingSource
 * @resource plural=devicebaselines shortName=hdbl scope=Namespaced writtenBy=author
 * @sentence .status.conditions[?(@.type=="Compliant")].message
 * @printcolumn Ready string .status.conditions[?(@.type=="Ready")].status
 * @printcolumn Mode string .spec.mode
 * @printcolumn Compliant string .status.summary.compliant
 * @printcolumn Drifted integer .status.devices.drifted priority=1
 * @printcolumn Waived integer .status.devices.waived priority=1
 * @printcolumn Unknown integer .status.devices.unknown priority=1
 * @printcolumn Suspended string .status.conditions[?(@.type=="Suspended")].status
 * @printcolumn Correction string .status.summary.correction
 * @printcolumn Age date .metadata.creationTimestamp
 */
export interface DeviceBaseline extends Resource<DeviceBaselineSpec, DeviceBaselineStatus> {
  kind: 'DeviceBaseline';
}

/** The declared intent. */
export interface DeviceBaselineSpec {
  /** Selects Devices in the same namespace by their labels. */
  selector: LabelSelector;

  /**
   * How often each host is evaluated, in seconds.
   *
   * @minimum 10
   * @maximum 86400
   * @default 300
   */
  intervalSeconds?: Int32;

  /**
   * `Inform` shows drift; `Enforce` also corrects it.
   *
   * @default "Inform"
   */
  mode?: 'Inform' | 'Enforce';

  /**
   * What must be true, check by check.
   *
   * @minItems 1
   * @maxItems 300
   * @listType map
   * @listMapKey name
   */
  checks: DeviceCheck[];

  /** How drift is corrected in mode `Enforce`. */
  remediation?: Remediation;

  /** Who may approve deviations from this baseline, and for how long. */
  waivers?: WaiverRules;

  /**
   * Whether hosts get a new revision of the checks at once, or from a CanaryRollout. To change it from `Rollout` takes the verb `bypass-rollout` on
   * devicebaselines.holdfast.dev.
   */
  updateStrategy?: UpdateStrategy;

  /** Stops evaluating and correcting. */
  suspend?: Suspend;
}

/** How hosts get a new revision. */
export interface UpdateStrategy {
  /**
   * `Immediate`: all hosts at once. `Rollout`: each host keeps the revision that it is assigned, and only a CanaryRollout assigns another.
   *
   * @default "Immediate"
   */
  type?: 'Immediate' | 'Rollout';
}

/** How drift is corrected: where Ansible runs, how many hosts at once, and when to stop. */
export interface Remediation {
  /**
   * Where Ansible runs: in a Kubernetes `Job`, or `Local`, in the operator's own process, for demonstrations and development.
   *
   * @default "Job"
   */
  backend?: 'Job' | 'Local';

  /** ConfigMap in the same namespace with your own playbook under `playbook.yml`, run instead of the generated one. */
  playbookRef?: LocalRef;

  /**
   * MaintenanceWindow in the same namespace: no correction starts while it is closed. Hosts are still evaluated, and a run
   * that is in progress when the window closes may finish. A window that is missing, invalid or suspended is closed. Other
   * AnsibleRuns on its hosts wait for it as well, except those that undo a run or only check.
   */
  windowRef?: LocalRef;

  /**
   * How many hosts may be corrected at once: a number or a percentage of the selected hosts, at least one.
   *
   * @default "10%"
   * @maxLength 4
   * @rule type(self) == int ? self >= 1 && self <= 1000 : self.matches('^([1-9][0-9]?|100)%$') :: `maxUnavailable` must be a number from 1 to 1000 or a percentage from 1% to 100%
   */
  maxUnavailable?: IntOrString;

  /**
   * How many hosts go through the playbook together.
   *
   * @minimum 1
   * @maximum 200
   */
  serial?: Int32;

  /**
   * Correction stops when more than this percentage of the hosts of a run has failed. A host on which a check was left unchanged,
   * because it could not be corrected without harm, does not count as failed.
   *
   * @minimum 0
   * @maximum 100
   * @default 20
   */
  maxFailPercentage?: Int32;

  /**
   * How many hosts Ansible works on in parallel.
   *
   * @minimum 1
   * @maximum 100
   * @default 10
   */
  forks?: Int32;

  /**
   * How long a run may take, in seconds.
   *
   * @minimum 10
   * @maximum 86400
   * @default 1800
   */
  timeoutSeconds?: Int32;
}

/** How the selected hosts comply. */
export interface DeviceBaselineStatus extends ResourceStatus {
  /** Digest of the checks. */
  revision?: Digest;

  /** Counts of the selected hosts. */
  devices?: DeviceCounts;

  /** Short values for columns. */
  summary?: DeviceBaselineSummary;

  /**
   * The worst hosts, at most five; see the DriftReports for all.
   *
   * @maxItems 10
   * @listType atomic
   */
  worst?: DeviceStanding[];

  /**
   * Uids of the latest runs that this baseline created. A run that only names it, or says that it owns it, is not among them and never counts.
   *
   * @maxItems 256
   * @listType atomic
   */
  runs?: ObjectUid[];

  /** The latest run that was created, or was about to be. */
  creating?: CreatingRun;

  /**
   * The highest number of a run that this baseline created. A number is never used again, even if its run is deleted.
   *
   * @minimum 1
   */
  lastRun?: Int32;

  /**
   * The revisions that hosts are assigned, where `updateStrategy` is `Rollout`, and how many hosts have each.
   *
   * @maxItems 20
   * @listType atomic
   */
  revisions?: RevisionCount[];

  /** Which host is assigned which revision, where `updateStrategy` is `Rollout`. */
  assignment?: Assignment;
}

/** A run whose name is recorded before it is created. */
export interface CreatingRun {
  /** Its name. */
  name: ObjectName;

  /** Digest of its spec. */
  digest: Digest;

  /** Its uid, once it is created. */
  uid?: ObjectUid;
}

/** Counts of the selected hosts. */
export interface DeviceCounts {
  /** All hosts. */
  total: Int32;

  /** Hosts on which all checks pass. */
  compliant: Int32;

  /** Hosts on which a check fails. */
  drifted: Int32;

  /** Hosts on which all failing checks are waived. */
  waived: Int32;

  /** Hosts whose state is unknown: unreachable, unreadable, or not evaluated yet. */
  unknown: Int32;

  /** Hosts to which no check applies, if any. */
  notApplicable?: Int32;
}

/** Short values for columns. */
export interface DeviceBaselineSummary {
  /** Compliant hosts, of those to which it applies: `112/120`. */
  compliant: Text;

  /** State of correction. */
  correction?: CorrectionState;

  /** Details of that state. */
  correctionMessage?: Text;
}

/** One host and its state, in one line. */
export interface DeviceStanding {
  /** The Device. */
  device: ObjectName;

  /** What is wrong, such as `2 checks fail (1 critical): sshd-no-root, motd`. */
  standing: Text;
}
