/** Checks of accounts. */
import type { AbsolutePath, AccountName, Presence } from './checkShared.ts';
import type { Int64 } from './shared.ts';

/**
 * An account.
 *
 * @rule !has(self.state) || self.state == 'Present' || !(has(self.uid) || has(self.shell) || has(self.home) || has(self.groups) || has(self.locked)) :: an absent user has no other property
 */
export interface UserCheck {
  /** Its name. */
  name: AccountName;

  /** Whether it must be there. */
  state?: Presence;

  /**
   * Its number.
   *
   * @minimum 0
   * @maximum 4294967294
   */
  uid?: Int64;

  /** Its login shell. */
  shell?: AbsolutePath;

  /** Its home folder. */
  home?: AbsolutePath;

  /**
   * Groups that it must be in, besides its first.
   *
   * @maxItems 32
   * @listType set
   */
  groups?: AccountName[];

  /** Whether its password must be locked. */
  locked?: boolean;
}

/**
 * A group of accounts.
 *
 * @rule !has(self.state) || self.state == 'Present' || !has(self.gid) :: an absent group has no `gid`
 */
export interface GroupCheck {
  /** Its name. */
  name: AccountName;

  /** Whether it must be there. */
  state?: Presence;

  /**
   * Its number.
   *
   * @minimum 0
   * @maximum 4294967294
   */
  gid?: Int64;
}

/** The public keys that may log in as a user. */
export interface AuthorizedKeysCheck {
  /** The account. */
  user: AccountName;

  /**
   * The keys that must be there, each a line of `authorized_keys`.
   *
   * @maxItems 64
   * @listType set
   */
  keys: AuthorizedKey[];

  /**
   * Whether any other key is drift.
   *
   * @default true
   */
  exclusive?: boolean;
}

/**
 * A line of `authorized_keys`.
 *
 * @minLength 32
 * @maxLength 2048
 * @pattern ^[^\x00-\x1f\x7f#][^\x00-\x1f\x7f]*$
 */
export type AuthorizedKey = string;
