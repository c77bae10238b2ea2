/** Checks of accounts. */
import type { AbsolutePath, AccountName, Presence } from './checkShared.ts';
import type { Int64 } from './shared.ts';

/**
 * An account.
 *
 * @rule !has(self.state) || self.state == 'Present' || !(has(self.uid) || has(self.shell) || has(self.home) || has(self.groups) || has(self.locked)) :: an absent user has no other properties
 */
export interface UserCheck {
  /** Its name. */
  name: AccountName;

  /** Whether it must be there. */
  state?: Presence;

  /**
   * Its UID. Correction changes it only if no file would become another account's. A new account with a UID below 1000 is a system
   * account, without a home directory.
   *
   * @minimum 0
   * @maximum 4294967294
   */
  uid?: Int64;

  /** Its login shell. A path that leads to the same program under the same name is accepted: `/sbin/nologin` for `/usr/sbin/nologin`. */
  shell?: AbsolutePath;

  /** Its home directory. Correction neither moves nor removes its contents. */
  home?: AbsolutePath;

  /**
   * Groups that it must be a member of, besides its primary group. A new account gets an existing group of its own name as its primary group only
   * if that group is listed here.
   *
   * @maxItems 32
   * @listType set
   */
  groups?: AccountName[];

  /**
   * Whether its password must be locked, which prevents neither login by key nor other ways to log in. An account without any password always
   * fails: anyone may log in. Correction locks and never unlocks.
   */
  locked?: boolean;
}

/**
 * A group of accounts.
 *
 * @rule !has(self.state) || self.state == 'Present' || !(has(self.gid) || has(self.members)) :: an absent group has neither `gid` nor `members`
 * @rule !has(self.exclusive) || !self.exclusive || has(self.members) :: set `members` too: an exclusive group has only these members
 */
export interface GroupCheck {
  /** Its name. */
  name: AccountName;

  /** Whether it must be there. */
  state?: Presence;

  /**
   * Its GID.
   *
   * @minimum 0
   * @maximum 4294967294
   */
  gid?: Int64;

  /**
   * Accounts that must be members: by its line in /etc/group, as their primary group, or through another group with the same GID.
   *
   * @maxItems 256
   * @listType set
   */
  members?: AccountName[];

  /** Whether any other member is drift. Correction removes those that are listed in its line of /etc/group. */
  exclusive?: boolean;
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
