/** Checks of the system: its daemons, kernel and packages. */
import type { Presence, Scope } from './checkShared.ts';
import type { Int64, Text } from './shared.ts';

/**
 * An option of the SSH daemon, for all users, in its files and in the running daemon. A `Match` that sets it differently is drift.
 *
 * @rule [has(self.value), has(self.excludes), has(self.atLeast) || has(self.atMost)].filter(set, set).size() == 1 :: set only one of `value`, `excludes`, and a range (`atLeast`, `atMost`)
 * @rule !(has(self.atLeast) && has(self.atMost)) || self.atLeast <= self.atMost :: `atLeast` must not exceed `atMost`
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
   * The value that must be in effect, as in sshd_config(5). For options whose lines are combined, such as `AllowUsers`, all values, in any
   * order; lists such as `Ciphers` are ordered.
   */
  value?: Text;

  /**
   * What its value, a list, must not contain, with `*` and `?` as wildcards: `*-cbc`. Correction removes only that.
   *
   * @minItems 1
   * @maxItems 64
   * @listType set
   */
  excludes?: SshdWord[];

  /**
   * The smallest number that passes; for a time, in seconds.
   *
   * @minimum 0
   * @maximum 2147483647
   */
  atLeast?: Int64;

  /**
   * The largest number that passes; for a time, in seconds. A 0 that means no limit, as in `LoginGraceTime`, fails.
   *
   * @minimum 0
   * @maximum 2147483647
   */
  atMost?: Int64;
}

/**
 * An item of a list in sshd_config, or a pattern for such items.
 *
 * @minLength 1
 * @maxLength 128
 * @pattern ^[^\x00-\x20\x7f,#"]+$
 */
export type SshdWord = string;

/** A kernel parameter: its live value and the one that the next boot sets. */
export interface SysctlCheck {
  /**
   * Its name, with dots: `kernel.randomize_va_space`.
   *
   * @minLength 1
   * @maxLength 128
   * @pattern ^[a-z0-9_]+([.][A-Za-z0-9_:@-][A-Za-z0-9_/:@-]*)+$ :: the name of a kernel parameter has dots, such as `kernel.randomize_va_space`
   */
  name: string;

  /** The value. Any amount of white space counts as one blank. */
  value: Text;

  /** Whether the value must be in effect now, set at the next boot, or both. */
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
   * Its name, with its architecture if only that one is meant: `glibc.i686`. A name that other packages provide means those packages.
   *
   * @minLength 1
   * @maxLength 128
   * @pattern ^[A-Za-z0-9][A-Za-z0-9._+-]*$
   */
  name: string;

  /**
   * Whether it must be installed. Correction removes this package and no other: neither packages that require it nor its dependencies.
   */
  state?: Presence;

  /**
   * The oldest version that passes, compared as RPM does; for each architecture, the newest installed version counts. Without an epoch,
   * epochs are not compared.
   */
  minVersion?: PackageVersion;

  /** The exact version that must be installed, such as `9.6p1-3.el9`; without a release, any release passes. Correction downgrades if needed. */
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
 * @rule has(self.enabled) || has(self.running) || has(self.masked) :: set at least one of `enabled`, `running` and `masked`
 * @rule !has(self.masked) || !self.masked || !((has(self.enabled) && self.enabled) || (has(self.running) && self.running)) :: a masked unit can be neither enabled nor running
 */
export interface ServiceCheck {
  /**
   * Its name, with or without `.service`; for a template, an instance: `getty@tty1`.
   *
   * @minLength 1
   * @maxLength 128
   * @pattern ^[A-Za-z0-9:_.@][A-Za-z0-9:_.@\\-]*$
   */
  name: string;

  /**
   * Whether it must be started at boot. True: a unit that the default target starts wants it, permanently. False: it is not enabled, and no
   * unit that is started at boot would start it, including sockets, paths and timers.
   */
  enabled?: boolean;

  /** Whether it must be active now. False: it is neither active nor activating, and no active socket or path would start it. */
  running?: boolean;

  /** Whether it must be masked permanently, so that nothing can start it. Masking does not stop it: set `running` too. */
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
   * `Disabled`: it is neither loaded nor loadable. `Loadable`: nothing prevents it from being loaded.
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

  /** Whether the mode must be in effect now, set at the next boot, or both. */
  scope?: Scope;
}
