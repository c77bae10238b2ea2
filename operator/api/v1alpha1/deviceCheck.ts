import type { AuthorizedKeysCheck, GroupCheck, UserCheck } from './accountChecks.ts';
import type { FileCheck, LineCheck, MountCheck } from './fileChecks.ts';
import type { SettingCheck } from './settingCheck.ts';
import type { CheckName, Severity } from './shared.ts';
import type {
  KernelModuleCheck,
  PackageCheck,
  SelinuxCheck,
  ServiceCheck,
  SshdCheck,
  SysctlCheck,
} from './systemChecks.ts';

/**
 * One thing that must be true of a host.
 *
 * @rule [has(self.file), has(self.line), has(self.setting), has(self.sshd), has(self.sysctl), has(self.__package__), has(self.service), has(self.user), has(self.group), has(self.mount), has(self.kernelModule), has(self.selinux), has(self.authorizedKeys)].filter(set, set).size() == 1 :: a check must have exactly one of `file`, `line`, `setting`, `sshd`, `sysctl`, `package`, `service`, `user`, `group`, `mount`, `kernelModule`, `selinux` and `authorizedKeys`
 */
export interface DeviceCheck {
  /** Its name, which reports, waivers and runs refer to. */
  name: CheckName;

  /**
   * How much it matters.
   *
   * @default "Medium"
   */
  severity?: Severity;

  /**
   * Controls of frameworks that this check supports, such as `NIST-800-53:AC-6(2)`.
   *
   * @maxItems 16
   * @listType set
   */
  controls?: ControlId[];

  /** A file: its content, digest, mode, owner and group, or that it is absent. */
  file?: FileCheck;

  /** A line of a text file. */
  line?: LineCheck;

  /** A setting of a configuration file, as the reader of that file reads it. */
  setting?: SettingCheck;

  /** An option of the SSH daemon, in its files and in the running daemon. */
  sshd?: SshdCheck;

  /** A kernel parameter: its live value and the one that the next boot sets. */
  sysctl?: SysctlCheck;

  /** An RPM package. */
  package?: PackageCheck;

  /** A systemd unit. */
  service?: ServiceCheck;

  /** An account. */
  user?: UserCheck;

  /** A group of accounts. */
  group?: GroupCheck;

  /** A mounted file system. */
  mount?: MountCheck;

  /** A kernel module that must be neither loaded nor loadable. */
  kernelModule?: KernelModuleCheck;

  /** The mode of SELinux, now and after the next boot. */
  selinux?: SelinuxCheck;

  /** The public keys that may log in as a user. */
  authorizedKeys?: AuthorizedKeysCheck;
}

/**
 * Control of a framework, such as `CIS-RHEL9:5.1.20`.
 *
 * @minLength 1
 * @maxLength 128
 * @pattern ^[^\x00-\x1f\x7f]*$
 */
export type ControlId = string;
