import type { AbsolutePath, Presence } from './checkShared.ts';
import type { Text } from './shared.ts';

/**
 * A setting of a configuration file, read as its reader reads it: blanks, quotes, comments, sections, repeated lines and drop-in
 * folders count as they do for it. What must hold is the value in effect, wherever it is set; correction edits that place.
 *
 * @rule !has(self.state) || self.state == 'Present' || !(has(self.value) || has(self.compare)) :: a setting that must not be set has no value and no compare
 * @rule !has(self.compare) || has(self.value) :: `compare` needs a `value`
 * @rule !has(self.compare) || !(self.compare in ['AtMost', 'AtLeast']) || self.value.matches('^[+-]?[0-9]') :: `AtMost` and `AtLeast` need a number as `value`
 */
export interface SettingCheck {
  /** The main file: settings of its drop-in folders are found from here. Symbolic links are read through, and never edited. */
  path: AbsolutePath;

  /** How it is read. Not needed for files that Holdfast knows, such as `/etc/login.defs`. */
  format?: SettingFormat;

  /** Where a file has sections, the one that the setting is in, without brackets. Known for `dnf.conf` and files of systemd. */
  section?: SettingName;

  /**
   * Its name. For `Limits` the first three fields, such as `* hard core`. For `Sudoers` that of a Defaults entry, `!` in front meaning that
   * it is off: `use_pty`, `!authenticate`; or `NOPASSWD`, whose `value` are those who need no password, by a rule or otherwise.
   */
  key: SettingName;

  /** Its value, without quotes. Without one it must be set, to whatever value. */
  value?: Text;

  /**
   * `Equal`: the same for its reader, so that `yes` is `true` where it is and 027 is octal where it is. `AtMost` and `AtLeast`: a number
   * on this side of `value`; one that stands for no limit is larger than all others, and bits of `UMASK` and `HOME_MODE` are compared
   * as bits. `SameWords`: the same words, by blanks or commas, in any order.
   *
   * @default "Equal"
   */
  compare?: 'Equal' | 'AtMost' | 'AtLeast' | 'SameWords';

  /** Whether it must be set. */
  state?: Presence;

  /** A unit that is told when it was changed, if it is active. */
  notify?: UnitNotification;

  /** Shows values as keyed digests only. What is found in a file that not everybody may read is always shown so. */
  sensitive?: boolean;
}

/**
 * How a configuration file is read. `LoginDefs`: `/etc/login.defs`. `Pwquality`: `pwquality.conf` and its folder. `Faillock`:
 * `faillock.conf`. `Auditd`: `auditd.conf`. `Dnf`: `dnf.conf` and repositories. `Systemd`: `journald.conf` and others, and their drop-in
 * folders. `ShellVariables`: `/etc/sysconfig`, `/etc/default`. `Chrony`: `chrony.conf`. `Limits`: `limits.conf` and its folder. `Sudoers`:
 * `/etc/sudoers` and all that it includes, as sudo's own cvtsudoers reads it. `KeyValue` and `Ini`: other files of lines `key = value`, or `key value`, without and with sections; as their readers differ, a key that is set
 * twice differently holds for none.
 */
export type SettingFormat =
  | 'LoginDefs'
  | 'Pwquality'
  | 'Faillock'
  | 'Auditd'
  | 'Dnf'
  | 'Systemd'
  | 'ShellVariables'
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

/** What a unit is told. */
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
   * To read its configuration again, or to start anew.
   *
   * @default "try-reload-or-restart"
   */
  action?: 'reload' | 'restart' | 'try-reload-or-restart';
}
