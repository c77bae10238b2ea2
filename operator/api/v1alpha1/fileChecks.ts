/** Checks of files and file systems. */
import type { AbsolutePath, AccountName, Presence, Scope } from './checkShared.ts';
import type { Text } from './shared.ts';

/**
 * A file or a directory: its content, mode, owner and group, or that it is absent.
 *
 * @rule !(has(self.content) && has(self.sha256)) :: set `content` or `sha256`, not both
 * @rule !(has(self.mode) && has(self.maxMode)) :: set `mode` or `maxMode`, not both
 * @rule !has(self.type) || self.type == 'File' || !(has(self.content) || has(self.sha256) || has(self.sensitive)) :: a directory has no `content`, `sha256` or `sensitive`
 * @rule !has(self.state) || self.state == 'Present' || !(has(self.content) || has(self.sha256) || has(self.mode) || has(self.maxMode) || has(self.owner) || has(self.group)) :: an absent file has no `content`, `sha256`, `mode`, `maxMode`, `owner` or `group`
 */
export interface FileCheck {
  /** Its path. Symbolic links are not followed: a link is not the file. */
  path: AbsolutePath;

  /**
   * What it is. Holdfast never converts one into the other.
   *
   * @default "File"
   */
  type?: 'File' | 'Directory';

  /** Whether it must exist. */
  state?: Presence;

  /**
   * Its content, byte for byte, in UTF-8.
   *
   * @maxLength 65536
   */
  content?: string;

  /**
   * SHA-256 of its content, for content that must not appear here. Holdfast then reports drift of the content but cannot correct it.
   *
   * @maxLength 64
   * @pattern ^[0-9a-f]{64}$ :: a SHA-256 is 64 hexadecimal digits in lower case, as `sha256sum` prints it
   */
  sha256?: string;

  /**
   * Its exact permission bits in octal, such as `0644`. Without `content`, Holdfast removes bits and adds none: its content may be
   * secret.
   */
  mode?: FileMode;

  /** The most permission bits that it may have: with `0640`, `0600` passes too. Correction removes excess bits. */
  maxMode?: FileMode;

  /** The account that owns it, by name or number. */
  owner?: AccountName;

  /** The group that owns it, by name or number. */
  group?: AccountName;

  /** Shows its content only as keyed digests, as is always done for a file that is not readable by everyone. */
  sensitive?: boolean;
}

/**
 * Permission bits in octal, optionally preceded by the set-user-ID, set-group-ID and sticky bits, such as `0644` or `1777`.
 *
 * @maxLength 4
 * @pattern ^[0-7]{3,4}$ :: a mode is three or four octal digits in quotes, such as "0644"
 */
export type FileMode = string;

/**
 * A line of a text file, compared literally. For settings, use `setting`, which handles blanks, comments, sections, repeated lines and
 * drop-in directories. In a file whose reader Holdfast knows, a line that is present but has no effect is drift too, and a setting in a
 * file with several sections is unknown. Changes to files of sudo go through visudo.
 */
export interface LineCheck {
  /** The file. Symbolic links are followed for reading and never edited. */
  path: AbsolutePath;

  /** The full line, without its newline. */
  line: Text;

  /** Whether it must exist. */
  state?: Presence;

  /**
   * No other line may start with this string: such lines are drift, and correction replaces them. Indentation, the number of blanks, and
   * blanks around `=` do not matter; a longer word does not match: `space_left` does not start `space_left_action`.
   */
  startsWith?: Text;

  /** Shows lines only as keyed digests, as is always done for a file that is not readable by everyone. */
  sensitive?: boolean;
}

/** A mounted file system. */
export interface MountCheck {
  /** Where it is mounted. */
  path: AbsolutePath;

  /**
   * What is mounted, as in `/etc/fstab`. Required if Holdfast is to mount it.
   *
   * @minLength 1
   * @maxLength 512
   * @pattern ^[^\x00-\x20\x7f]+$
   */
  source?: string;

  /**
   * The type of the file system. Required if Holdfast is to mount it.
   *
   * @minLength 1
   * @maxLength 32
   * @pattern ^[a-z0-9._-]+$
   */
  type?: string;

  /**
   * Options that it must have, such as `nodev`.
   *
   * @maxItems 16
   * @listType set
   */
  options?: MountOption[];

  /** Whether it must be mounted this way now, at the next boot, or both. */
  scope?: Scope;
}

/**
 * A mount option.
 *
 * @minLength 1
 * @maxLength 64
 * @pattern ^[A-Za-z0-9_=.:/%-]+$
 */
export type MountOption = string;
