import type {
  Digest,
  Int32,
  LocalRef,
  ObjectName,
  Resource,
  ResourceStatus,
  Suspend,
  Text,
  Timestamp,
} from './shared.ts';

/**
 * A RHEL host, or any POSIX host that is reachable by SSH. Every DeviceBaseline whose selector matches its labels is evaluated on it.
 * A host that does not respond is evaluated less and less often, every hour in the end; `Reachable` shows when. Change or annotate the Device to evaluate it now.
 *
 * @evaluateOnAnnotation
 * @resource plural=devices shortName=hdev scope=Namespaced writtenBy=author
 * @printcolumn Ready string .status.conditions[?(@.type=="Ready")].status
 * @printcolumn Reachable string .status.conditions[?(@.type=="Reachable")].status
 * @printcolumn Compliant string .status.conditions[?(@.type=="Compliant")].status
 * @printcolumn Score string .status.summary.score
 * @printcolumn Revision string .status.summary.revision
 * @printcolumn Reason string .status.conditions[?(@.type=="Reachable")].reason priority=1
 * @printcolumn Suspended string .status.conditions[?(@.type=="Suspended")].status priority=1
 * @printcolumn OS string .status.facts.version priority=1
 * @printcolumn Age date .metadata.creationTimestamp
 */
export interface Device extends Resource<DeviceSpec, DeviceStatus> {
  kind: 'Device';
}

/** How the host is reached. */
export interface DeviceSpec {
  /** The SSH connection. */
  ssh: DeviceSsh;

  /** Stops evaluating and correcting this host. */
  suspend?: Suspend;
}

/**
 * An SSH endpoint whose identity is known beforehand. Keys are never trusted on first use.
 *
 * @rule has(self.hostKeys) != has(self.hostCertificateAuthorities) :: set exactly one of `hostKeys` (from `ssh-keyscan`, compared with the host's console) and `hostCertificateAuthorities`
 */
export interface DeviceSsh {
  /**
   * Host name or IP address.
   *
   * @minLength 1
   * @maxLength 253
   * @pattern ^[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?$
   */
  host: string;

  /**
   * TCP port.
   *
   * @minimum 1
   * @maximum 65535
   * @default 22
   */
  port?: Int32;

  /**
   * Account to log in as, such as `holdfast`, or `holdfast@corp.example.com` of a directory.
   *
   * @minLength 1
   * @maxLength 128
   * @pattern ^[a-z_][a-z0-9_.-]*(@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)?$
   */
  user: string;

  /**
   * How that account becomes root: with `sudo` without a password, or not at all.
   *
   * @default "sudo"
   */
  become?: 'sudo' | 'none';

  /**
   * The public host keys that are accepted, as in `known_hosts` without the host name: `ssh-ed25519 AAAA…`.
   *
   * @minItems 1
   * @maxItems 8
   * @listType atomic
   */
  hostKeys?: PublicKey[];

  /**
   * The public keys of the authorities whose host certificates are accepted.
   *
   * @minItems 1
   * @maxItems 8
   * @listType atomic
   */
  hostCertificateAuthorities?: PublicKey[];

  /** Secret in the same namespace with the key `ssh-privatekey`, and `ssh-certificate` if certificates are used. */
  credentialsRef: LocalRef;
}

/**
 * A public key in OpenSSH format: type, base64, and optionally a comment.
 *
 * @minLength 32
 * @maxLength 2048
 * @pattern ^(ssh-ed25519|sk-ssh-ed25519@openssh\.com|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/=]+( [^\x00-\x1f\x7f]*)?$ :: a key must be a line such as `ssh-ed25519 AAAA…`; copy it from /etc/ssh/ssh_host_ed25519_key.pub on the host, or from `ssh-keyscan` without the host name
 */
export type PublicKey = string;

/** The last observed state of the host. */
export interface DeviceStatus extends ResourceStatus {
  /** What the host reports about itself. */
  facts?: DeviceFacts;

  /** Summary of all baselines of this host. */
  summary?: DeviceSummary;

  /**
   * The revisions that it is assigned, of baselines that CanaryRollouts roll out.
   *
   * @maxItems 50
   * @listType map
   * @listMapKey baseline
   */
  assigned?: AssignedRevision[];
}

/** A revision that a host is assigned. */
export interface AssignedRevision {
  /** The DeviceBaseline. */
  baseline: ObjectName;

  /** Digest of its checks; not set as long as no rollout has assigned one. */
  revision?: Digest;
}

/** What the host reports about itself. */
export interface DeviceFacts {
  /** `ID` of `/etc/os-release`, such as `rhel`. */
  os?: Text;

  /** `VERSION_ID` of `/etc/os-release`. */
  version?: Text;

  /** Kernel release. */
  kernel?: Text;

  /** Machine architecture, such as `x86_64`. */
  architecture?: Text;

  /** Host name as the host reports it. */
  hostname?: Text;

  /** Output of `getenforce`, or `Absent`. */
  selinux?: Text;

  /** When the host was last booted. */
  bootTime?: Timestamp;
}

/** Summary of all baselines of this host. */
export interface DeviceSummary {
  /** Checks that pass, of those that apply: `47/50`. */
  score: Text;

  /** Checks that fail, and how many of them are critical: `3 (1 critical)`. */
  drift: Text;

  /** Checks whose result is unknown. */
  unknown: Int32;

  /** Checks that do not apply to this host, if any. */
  notApplicable?: Int32;

  /** The assigned revisions in short, such as `rhel9@1f2e3d4c`. */
  revision?: Text;
}
