/** Checks of the system: its daemons, kernel and packages. */
import type { Presence, Scope } from './checkShared.ts';
import type { Int64, Text } from './shared.ts';

/**
 * An option of the SSH daemon, for everybody, in its files and in the daemon that runs. A `Match` that sets it otherwise is drift.
 *
 * @rule [has(self.value), has(self.excludes), has(self.atLeast) || has(self.atMost)].filter(set, set).size() == 1 :: set one of `value`, `excludes`, and `atLeast` with `atMost`
 * @rule !(has(self.atLeast) && has(self.atMost)) || self.atLeast <= self.atMost :: `atLeast` is more than `atMost`
 */
export interface SshdCheck {
  /**
   * Its name, in any case: `PermitRootLogin`.
   *
   * @minLength 1
   * @maxLength 64
   * @pattern ^[A-Za-z0-9]+$
   */
  option: string;

  /**
   * The value that must be in effect, as sshd_config(5) has it. Of options that add up, such as `AllowUsers`, all values, in any order;
   * lists such as `Ciphers` are in order.
   */
  value?: Text;

  /**
   * What its value, a list, must not contain, with `*` and `?` for anything: `*-cbc`. Correction takes only that out.
   *
   * @minItems 1
   * @maxItems 64
   * @listType set
   */
  excludes?: SshdWord[];

  /**
   * The least number that will do; of a time, in seconds.
   *
   * @minimum 0
   * @maximum 2147483647
   */
  atLeast?: Int64;

  /**
   * The largest number that will do; of a time, in seconds. A 0 that means that there is no bound, as in `LoginGraceTime`, will not.
   *
   * @minimum 0
   * @maximum 2147483647
   */
  atMost?: Int64;
}

/**
 * A word of a list of sshd, or a pattern for such words.
 *
 * @minLength 1
 * @maxLength 128
 * @pattern ^[^\x00-\x20\x7f,#"]+$
 */
export type SshdWord = string;

/** A kernel parameter: its live value and the one that the next boot sets. */
export interface SysctlCheck {
  /**
   * Its name with dots: `kernel.randomize_va_space`.
   *
   * @minLength 1
   * @maxLength 128
   * @pattern ^[a-z0-9_]+([.][A-Za-z0-9_:@-][A-Za-z0-9_/:@-]*)+$ :: a kernel parameter is named with dots, such as `kernel.randomize_va_space`
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
   * Its name, with its architecture where only that one is meant: `glibc.i686`. A name that other packages provide stands for these.
   *
   * @minLength 1
   * @maxLength 128
   * @pattern ^[A-Za-z0-9][A-Za-z0-9._+-]*$
   */
  name: string;

  /**
   * Whether it must be installed. Correction removes what is declared and nothing else: neither what needs it nor what came with it.
   */
  state?: Presence;

  /**
   * The oldest version that will do, compared as RPM does; of each architecture the newest that is installed counts. Without an epoch,
   * epochs are not compared.
   */
  minVersion?: PackageVersion;

  /** The very version that must be installed, such as `9.6p1-3.el9`; without a release any will do. Correction downgrades to it where it must. */
  version?: PackageVersion;
}

/**
 * A version as RPM writes it: `[epoch:]version[-release]`.
 *
 * @minLength 1
 * @maxLength 128
 * @pattern ^([0-9]+:)?[A-Za-z0-9._+~^]+(-[A-Za-z0-9._+~^]+)?$ :: a version is written `[epoch:]version[-release]`, such as `9.16.23-18` or `32:9.16.23-18`
 */
export type PackageVersion = string;

/**
 * A systemd unit.
 *
 * @rule has(self.enabled) || has(self.running) || has(self.masked) :: set `enabled`, `running`, `masked` or several of them
 * @rule !has(self.masked) || !self.masked || !((has(self.enabled) && self.enabled) || (has(self.running) && self.running)) :: a masked unit is neither enabled nor running
 */
export interface ServiceCheck {
  /**
   * Its name, with or without `.service`; of a template, an instance: `getty@tty1`.
   *
   * @minLength 1
   * @maxLength 128
   * @pattern ^[A-Za-z0-9:_.@][A-Za-z0-9:_.@\\-]*$
   */
  name: string;

  /**
   * Whether the boot must start it. True: something that the default target starts wants it, for good. False: it is not enabled, and nothing
   * that the boot starts would start it, be it another unit, a socket, a path or a timer.
   */
  enabled?: boolean;

  /** Whether it must be active now. False: neither active nor about to be, and no active socket or path would start it. */
  running?: boolean;

  /** Whether it must be masked for good, so that nothing can start it. To mask does not stop it: set `running` too. */
  masked?: boolean;
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
