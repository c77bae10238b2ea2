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
   * Its number. Correction changes it only where no file would become somebody else’s. A new account with a number below 1000 is one of the
   * system, without a home.
   *
   * @minimum 0
   * @maximum 4294967294
   */
  uid?: Int64;

  /** Its login shell. A path that leads to the same program by the same name will do: `/sbin/nologin` for `/usr/sbin/nologin`. */
  shell?: AbsolutePath;

  /** Its home folder. Correction neither moves nor removes what is in one. */
  home?: AbsolutePath;

  /**
   * Groups that it must be in, besides its first.
   *
   * @maxItems 32
   * @listType set
   */
  groups?: AccountName[];

  /**
   * Whether its password must be locked, which bars neither keys nor other ways in. An account without any password is never right: anybody may
   * log in. Correction locks and never unlocks.
   */
  locked?: boolean;
}

/**
 * A group of accounts.
 *
 * @rule !has(self.state) || self.state == 'Present' || !(has(self.gid) || has(self.members)) :: an absent group has neither `gid` nor `members`
 * @rule !has(self.exclusive) || !self.exclusive || has(self.members) :: set `members` too: an exclusive group has these and no others
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

  /**
   * Accounts that must be in it, be it by its line, as their first group, or through another group of its number.
   *
   * @maxItems 256
   * @listType set
   */
  members?: AccountName[];

  /** Whether any other member is drift. Correction takes those out that its line names. */
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
