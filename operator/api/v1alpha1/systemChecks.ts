/** Checks of the system: its daemons, kernel and packages. */
import type { Presence } from './checkShared.ts';
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
   * @pattern ^[a-z0-9_]+([.][A-Za-z0-9_/:@-]+)+$
   */
  name: string;

  /** The value. White space counts as one blank. */
  value: Text;
}

/**
 * An RPM package.
 *
 * @rule !has(self.minVersion) || !has(self.state) || self.state == 'Present' :: an absent package has no `minVersion`
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

  /**
   * The oldest version that will do: `[epoch:]version[-release]`, compared as RPM does.
   *
   * @minLength 1
   * @maxLength 128
   * @pattern ^([0-9]+:)?[A-Za-z0-9._+~^]+(-[A-Za-z0-9._+~^]+)?$
   */
  minVersion?: string;
}

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

/** A kernel module that must be neither loaded nor loadable. */
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
   * What must hold.
   *
   * @default "Disabled"
   */
  state?: 'Disabled';
}

/** The mode of SELinux, now and after the next boot. */
export interface SelinuxCheck {
  /** The mode. */
  mode: 'Enforcing' | 'Permissive' | 'Disabled';
}
