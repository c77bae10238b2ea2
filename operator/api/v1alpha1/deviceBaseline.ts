import type { DeviceCheck } from './deviceCheck.ts';
import type {
  CorrectionState,
  Digest,
  Int32,
  IntOrString,
  LabelSelector,
  LocalRef,
  ObjectName,
  Resource,
  ResourceStatus,
  Suspend,
  Text,
} from './shared.ts';
import type { WaiverRules } from './waiverRules.ts';

/**
 * What must be true of the hosts that its selector matches, and whether Holdfast only tells or also corrects.
 *
 * @findingSource
 * @resource plural=devicebaselines shortName=hdb scope=Namespaced
 * @printcolumn Ready string .status.conditions[?(@.type=="Ready")].status
 * @printcolumn Mode string .spec.mode
 * @printcolumn Compliant string .status.summary.compliant
 * @printcolumn Drifted integer .status.devices.drifted priority=1
 * @printcolumn Waived integer .status.devices.waived priority=1
 * @printcolumn Unknown integer .status.devices.unknown priority=1
 * @printcolumn Suspended string .status.conditions[?(@.type=="Suspended")].status
 * @printcolumn Correction string .status.summary.correction
 * @printcolumn Detail string .status.summary.correctionMessage priority=1
 * @printcolumn Status string .status.conditions[?(@.type=="Compliant")].message priority=1
 * @printcolumn Age date .metadata.creationTimestamp
 */
export interface DeviceBaseline extends Resource<DeviceBaselineSpec, DeviceBaselineStatus> {
  kind: 'DeviceBaseline';
}

/** The declared intent. */
export interface DeviceBaselineSpec {
  /** The Devices of the same namespace that this is about, by their labels. */
  selector: LabelSelector;

  /**
   * How often each host is looked at, in seconds.
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
   * What must hold, check by check.
   *
   * @minItems 1
   * @maxItems 300
   * @listType map
   * @listMapKey name
   */
  checks: DeviceCheck[];

  /** How drift is corrected in mode `Enforce`. */
  remediation?: Remediation;

  /** Who may let others deviate from this baseline, and for how long. */
  waivers?: WaiverRules;

  /** Stops correcting, and stops telling of this baseline. */
  suspend?: Suspend;
}

/** How drift is corrected: by whom, how many hosts at once, and when to give up. */
export interface Remediation {
  /**
   * Where Ansible runs: in a Kubernetes `Job`, or `Local`, in the operator's own process, for demonstration and development.
   *
   * @default "Job"
   */
  backend?: 'Job' | 'Local';

  /** ConfigMap of the same namespace with your own playbook under `playbook.yml`, run instead of the generated one. */
  playbookRef?: LocalRef;

  /**
   * MaintenanceWindow of the same namespace: outside of it no correction begins. Hosts are looked at all the same, and a run
   * that is at work when the window closes is let finish. A window that is missing, invalid or suspended is closed.
   */
  windowRef?: LocalRef;

  /**
   * How many hosts may be under correction at once: a number or a percentage of the selected hosts, at least one.
   *
   * @default "10%"
   * @maxLength 4
   * @rule type(self) == int ? self >= 1 && self <= 1000 : self.matches('^([1-9][0-9]?|100)%$') :: `maxUnavailable` must be a number from 1 to 1000 or a percentage from 1% to 100%
   */
  maxUnavailable?: IntOrString;

  /**
   * How many hosts Ansible takes through the playbook together.
   *
   * @minimum 1
   * @maximum 200
   */
  serial?: Int32;

  /**
   * Correction stops when more than this share of the hosts of a run failed, in percent. A host on which a check was left as it was,
   * because it could not be corrected without harm, did not fail.
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

/** How the selected hosts stand. */
export interface DeviceBaselineStatus extends ResourceStatus {
  /** Digest of the checks: what a rollout moves hosts to. */
  revision?: Digest;

  /** The selected hosts, counted. */
  devices?: DeviceCounts;

  /** Short texts for columns. */
  summary?: DeviceBaselineSummary;

  /**
   * The hosts that stand worst, at most ten; see DriftReports for all.
   *
   * @maxItems 10
   * @listType atomic
   */
  worst?: DeviceStanding[];
}

/** The selected hosts, counted. */
export interface DeviceCounts {
  /** All. */
  total: Int32;

  /** Every check holds. */
  compliant: Int32;

  /** Some check fails. */
  drifted: Int32;

  /** Every failing check is waived. */
  waived: Int32;

  /** Not known: unreachable, unreadable, or not yet looked at. */
  unknown: Int32;

  /** No check makes sense on them, if there are such hosts. */
  notApplicable?: Int32;
}

/** Short texts for columns. */
export interface DeviceBaselineSummary {
  /** Compliant hosts, of those to which it applies: `112/120`. */
  compliant: Text;

  /** What correction does. */
  correction?: CorrectionState;

  /** More of it, in words. */
  correctionMessage?: Text;
}

/** One host and how it stands, in one line. */
export interface DeviceStanding {
  /** The Device. */
  device: ObjectName;

  /** What is wrong, such as `2 fail (1 critical): sshd-no-root, motd`. */
  standing: Text;
}
