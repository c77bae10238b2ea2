/** Checks of files and file systems. */
import type { AbsolutePath, AccountName, Presence, Scope } from './checkShared.ts';
import type { Text } from './shared.ts';

/**
 * A file or a directory: its content, mode, owner and group, or that it is absent.
 *
 * @rule !(has(self.content) && has(self.sha256)) :: set `content` or `sha256`, not both
 * @rule !(has(self.mode) && has(self.maxMode)) :: set `mode` or `maxMode`, not both
 * @rule !has(self.type) || self.type == 'File' || !(has(self.content) || has(self.sha256) || has(self.sensitive)) :: a directory has no content, sha256 or sensitive
 * @rule !has(self.state) || self.state == 'Present' || !(has(self.content) || has(self.sha256) || has(self.mode) || has(self.maxMode) || has(self.owner) || has(self.group)) :: an absent file has no content, sha256, mode, maxMode, owner or group
 */
export interface FileCheck {
  /** Where it is. Symbolic links are not followed: a link is not the file. */
  path: AbsolutePath;

  /**
   * What it is. Holdfast never makes the one out of the other.
   *
   * @default "File"
   */
  type?: 'File' | 'Directory';

  /** Whether it must be there. */
  state?: Presence;

  /**
   * What it must hold, byte for byte in UTF-8.
   *
   * @maxLength 65536
   */
  content?: string;

  /**
   * SHA-256 of what it must hold, for content that is not to stand here. Holdfast then tells but cannot mend the content.
   *
   * @maxLength 64
   * @pattern ^[0-9a-f]{64}$ :: a SHA-256 is 64 hexadecimal digits in lower case, as sha256sum prints it
   */
  sha256?: string;

  /**
   * Its very permission bits in octal, such as `0644`. Without `content` Holdfast takes bits away and adds none: what it holds
   * may be secret.
   */
  mode?: FileMode;

  /** The permission bits that it may have at most: `0640` holds for `0600` too. Correction takes away those that are too many. */
  maxMode?: FileMode;

  /** The account that owns it, by name or number. */
  owner?: AccountName;

  /** The group that owns it, by name or number. */
  group?: AccountName;

  /** Shows its content as keyed digests only. A file that not everybody may read is always shown so. */
  sensitive?: boolean;
}

/**
 * Permission bits in octal, with those of set-user-ID, set-group-ID and sticky in front, such as `0644` or `1777`.
 *
 * @maxLength 4
 * @pattern ^[0-7]{3,4}$ :: a mode is three or four octal digits in quotes, such as "0644"
 */
export type FileMode = string;

/**
 * A line of a text file, taken literally. For what a setting is, use `setting`: it knows blanks, comments, sections, repeated lines and
 * drop-in folders. In a file whose reader Holdfast knows, a line that is there and does not count is drift too, and of a setting in a
 * file with several sections nothing is known. What is written to files of sudo goes through visudo.
 */
export interface LineCheck {
  /** The file. Symbolic links are read through, and never edited. */
  path: AbsolutePath;

  /** The whole line, without its end. */
  line: Text;

  /** Whether it must be there. */
  state?: Presence;

  /**
   * No other line may start with this text: such lines are drift, and correction replaces them. Indentation, the number of blanks, and
   * blanks around `=` do not matter; a longer word is another: `space_left` does not start `space_left_action`.
   */
  startsWith?: Text;

  /** Shows lines as keyed digests only. A file that not everybody may read is always shown so. */
  sensitive?: boolean;
}

/** A mounted file system. */
export interface MountCheck {
  /** Where it is mounted. */
  path: AbsolutePath;

  /**
   * What is mounted, as in `/etc/fstab`. Needed to mount it when it is not.
   *
   * @minLength 1
   * @maxLength 512
   * @pattern ^[^\x00-\x20\x7f]+$
   */
  source?: string;

  /**
   * The type of the file system. Needed to mount it when it is not.
   *
   * @minLength 1
   * @maxLength 32
   * @pattern ^[a-z0-9._-]+$
   */
  type?: string;

  /**
   * Options that must hold, such as `nodev`.
   *
   * @maxItems 16
   * @listType set
   */
  options?: MountOption[];

  /** Whether it must be mounted so now, at the next boot, or both. */
  scope?: Scope;
}

/**
 * An option of a mount.
 *
 * @minLength 1
 * @maxLength 64
 * @pattern ^[A-Za-z0-9_=.:/%-]+$
 */
export type MountOption = string;
