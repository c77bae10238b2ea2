/** Checks of the system: its daemons, kernel and packages. */
import type { Presence, Scope } from './checkShared.ts';
import type { Text } from './shared.ts';

/** An option of the SSH daemon, as `sshd -T` says it is in effect. */
export interface SshdCheck {
  /**
   * Its name, in any case: `PermitRootLogin`.
   *
   * @minLength 1
   * @maxLength 64
   * @pattern ^[A-Za-z0-9]+$
   */
  option: string;

  /** The value that must be in effect. Words are compared without case. */
  value: Text;
}

/** A kernel parameter: its live value and the one that the next boot sets. */
export interface SysctlCheck {
  /**
   * Its name with dots: `kernel.randomize_va_space`.
   *
   * @minLength 1
   * @maxLength 128
   * @pattern ^[a-z0-9_]+([.][A-Za-z0-9_:@-][A-Za-z0-9_/:@-]*)+$
   */
  name: string;

  /** The value. White space counts as one blank. */
  value: Text;

  /** Whether the value must be in effect, be set by the next boot, or both. */
  scope?: Scope;
}

/**
 * An RPM package.
 *
 * @rule !(has(self.minVersion) && has(self.version)) :: set `minVersion` or `version`, not both
 * @rule !has(self.state) || self.state == 'Present' || !(has(self.minVersion) || has(self.version)) :: an absent package has no version
 */
export interface PackageCheck {
  /**
   * Its name.
   *
   * @minLength 1
   * @maxLength 128
   * @pattern ^[A-Za-z0-9][A-Za-z0-9._+-]*$
   */
  name: string;

  /** Whether it must be installed. */
  state?: Presence;

  /** The oldest version that will do, compared as RPM does. */
  minVersion?: PackageVersion;

  /** The very version that must be installed, such as `9.6p1-3.el9`. Correction downgrades to it where it must. */
  version?: PackageVersion;
}

/**
 * A version as RPM writes it: `[epoch:]version[-release]`.
 *
 * @minLength 1
 * @maxLength 128
 * @pattern ^([0-9]+:)?[A-Za-z0-9._+~^]+(-[A-Za-z0-9._+~^]+)?$
 */
export type PackageVersion = string;

/**
 * A systemd unit.
 *
 * @rule has(self.enabled) || has(self.running) :: set `enabled`, `running` or both
 */
export interface ServiceCheck {
  /**
   * Its name, with or without `.service`.
   *
   * @minLength 1
   * @maxLength 128
   * @pattern ^[A-Za-z0-9:_.@][A-Za-z0-9:_.@\\-]*$
   */
  name: string;

  /** Whether it must start at boot. */
  enabled?: boolean;

  /** Whether it must be active now. */
  running?: boolean;
}

/** Whether a kernel module can be loaded. */
export interface KernelModuleCheck {
  /**
   * Its name.
   *
   * @minLength 1
   * @maxLength 64
   * @pattern ^[A-Za-z0-9_-]+$
   */
  name: string;

  /**
   * `Disabled`: it is neither loaded nor loadable. `Loadable`: nothing keeps it from being loaded.
   *
   * @default "Disabled"
   */
  state?: 'Disabled' | 'Loadable';

  /** Whether it must not be loaded, must not be loadable, or both. */
  scope?: Scope;
}

/** The mode of SELinux, now and after the next boot. */
export interface SelinuxCheck {
  /** The mode. */
  mode: 'Enforcing' | 'Permissive' | 'Disabled';

  /** Whether the mode must be in effect, be set by the next boot, or both. */
  scope?: Scope;
}
