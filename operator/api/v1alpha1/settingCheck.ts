import type { AbsolutePath, Presence } from './checkShared.ts';
import type { Text } from './shared.ts';

/**
 * A setting of a configuration file, read as the program that uses the file reads it: with its rules for blanks, quotes, comments, sections,
 * repeated lines and drop-in directories. The value in effect is compared, wherever it is set; correction edits that place.
 *
 * @rule !has(self.state) || self.state == 'Present' || !(has(self.value) || has(self.compare)) :: an absent setting has no `value` and no `compare`
 * @rule !has(self.compare) || has(self.value) :: `compare` needs a `value`
 * @rule !has(self.compare) || !(self.compare in ['AtMost', 'AtLeast']) || self.value.matches('^[+-]?[0-9]') :: `AtMost` and `AtLeast` need a number as `value`
 */
export interface SettingCheck {
  /** The main file, from which its drop-in directories are found. Symbolic links are followed for reading and never edited. */
  path: AbsolutePath;

  /** How the file is read. Not needed for files that Holdfast knows, such as `/etc/login.defs`. */
  format?: SettingFormat;

  /** If the file has sections, the section that the setting is in, without brackets. Not needed for `dnf.conf` and files of systemd. */
  section?: SettingName;

  /**
   * Its name. For `Limits`, the first three fields, such as `* hard core`. For `Sudoers`, the name of a Defaults entry, with a leading `!` if
   * it must be off: `use_pty`, `!authenticate`; or `NOPASSWD`, whose `value` lists who needs no password, by a rule or otherwise.
   */
  key: SettingName;

  /** Its value, without quotes. If omitted, it must be set to any value. */
  value?: Text;

  /**
   * `Equal`: the same to the program that reads it; for example, `yes` equals `true`, and 027 is octal, if it treats them so. `AtMost` and
   * `AtLeast`: a number up to or from `value`; a value that means no limit is larger than any other, and `UMASK` and `HOME_MODE` are
   * compared bit by bit. `SameWords`: the same words, separated by blanks or commas, in any order.
   *
   * @default "Equal"
   */
  compare?: 'Equal' | 'AtMost' | 'AtLeast' | 'SameWords';

  /** Whether it must be set. */
  state?: Presence;

  /** A unit that is reloaded or restarted after a change, if it is active. */
  notify?: UnitNotification;

  /** Shows values only as keyed digests, as is always done for what is found in a file that is not readable by everyone. */
  sensitive?: boolean;
}

/**
 * How a configuration file is read. `LoginDefs`: `/etc/login.defs`. `Pwquality`: `pwquality.conf` and its directory. `Faillock`:
 * `faillock.conf`. `Auditd`: `auditd.conf`. `Dnf`: `dnf.conf` and repositories. `Systemd`: `journald.conf` and others, and their drop-in
 * directories. `ShellVariables`: `/etc/sysconfig`, `/etc/default`, if they contain nothing but assignments. `Useradd`:
 * `/etc/default/useradd`. `Chrony`: `chrony.conf`. `Limits`: `limits.conf` and its directory. `Sudoers`: `/etc/sudoers` and all files that it
 * includes, as cvtsudoers reads them. `KeyValue` and `Ini`: other files with lines `key = value` or `key value`, without and with sections;
 * because their readers differ, a key that is set to two different values never passes, and neither does what some readers read differently.
 */
export type SettingFormat =
  | 'LoginDefs'
  | 'Pwquality'
  | 'Faillock'
  | 'Auditd'
  | 'Dnf'
  | 'Systemd'
  | 'ShellVariables'
  | 'Useradd'
  | 'Chrony'
  | 'Limits'
  | 'Sudoers'
  | 'KeyValue'
  | 'Ini';

/**
 * Name of a setting or a section.
 *
 * @minLength 1
 * @maxLength 128
 * @pattern ^[^\x00-\x20\x7f#;=\[\]"'][^\x00-\x1f\x7f#;=\[\]"']*$
 */
export type SettingName = string;

/** What is done with a unit after a change. */
export interface UnitNotification {
  /**
   * Its name, with or without `.service`.
   *
   * @minLength 1
   * @maxLength 128
   * @pattern ^[A-Za-z0-9:_.@][A-Za-z0-9:_.@\\-]*$
   */
  unit: string;

  /**
   * Reload its configuration, or restart it.
   *
   * @default "try-reload-or-restart"
   */
  action?: 'reload' | 'restart' | 'try-reload-or-restart';
}
