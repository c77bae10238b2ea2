/**
 * User: an account, its properties, and whether its password is locked. The host tells of the password only whether it is. Two paths of
 * one name are the same where one leads to the other, as `/sbin/nologin` to `/usr/sbin/nologin`.
 */
import type { UserCheck } from '../../api/v1alpha1/accountChecks.ts';
import { userScript, accountFunctions } from './accountProbe.ts';
import { changes, manual, type Remedy } from './change.ts';
import type { CheckType, Difference } from './checkType.ts';
import { differs, fieldsOf, known, unknown } from './comparison.ts';
import { visible } from './shown.ts';

export type UserObserved = { readonly is: 'absent' } | PresentUser;

interface PresentUser {
  readonly is: 'present';
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
  /** Whether the paths found lead where the declared ones do. */
  readonly sameHome: boolean;
  readonly sameShell: boolean;
  /** Those of the declared groups that it is in. */
  readonly groups: readonly string[];
  /** `unknown` where it was not asked or nobody could tell. */
  readonly password: 'locked' | 'empty' | 'set' | 'unknown';
  /** Whether it stands in /etc/passwd, and not in a directory. */
  readonly isLocal: boolean;
  /** Whether it is root or the account that Holdfast logs in as. */
  readonly isOurs: boolean;
}

const passwords = ['locked', 'empty', 'set', 'unknown'] as const;

export const user: CheckType<'user', UserObserved> = {
  key: 'user',
  request: ({ name, groups, locked, home, shell }) => [
    name,
    groups?.length ? groups.join(',') : '-',
    locked === undefined ? '-' : 'locked',
    home ?? '-',
    shell ?? '-',
  ],
  functions: [accountFunctions],
  script: userScript,
  parse(answer) {
    if (answer === 'absent') return { is: 'absent' };
    const [uid, gid, home, shell, sameHome, sameShell, groups, word, source, ours] = fieldsOf(answer, 10);
    const password = passwords.find((one) => one === word);
    if (!/^[0-9]+:[0-9]+$/.test(`${uid}:${gid}`) || !password) throw new Error('getent did not report numeric IDs');
    return {
      is: 'present',
      uid: Number(uid),
      gid: Number(gid),
      home,
      shell,
      sameHome: sameHome === 'yes',
      sameShell: sameShell === 'yes',
      groups: groups.split(',').filter(Boolean),
      password,
      isLocal: source === 'here',
      isOurs: ours === 'yes',
    };
  },
  compare(declared, observed) {
    if (declared.state === 'Absent') return known([differs('state', 'absent', observed.is)]);
    if (observed.is === 'absent') return known([differs('state', 'present', 'absent')]);
    if (declared.locked !== undefined && observed.password === 'unknown') {
      return unknown(
        observed.isLocal
          ? `/etc/shadow does not show whether ${declared.name} is locked: it cannot be read, or has no entry for it`
          : `${declared.name} does not come from /etc/passwd: its source decides whether it is locked`,
      );
    }
    return known([
      differs('uid', declared.uid, observed.uid),
      shellDifference(declared, observed),
      observed.sameHome ? undefined : differs('home', declared.home, visible(withoutEnd(observed.home))),
      ...lacking(declared, observed).map((group): Difference => ({
        path: 'groups',
        expected: group,
        actual: 'not in it',
      })),
      lockDifference(declared, observed),
    ]);
  },
  remedy: remedyOf,
  claims({ name, state, uid, shell, home, locked, groups = [] }) {
    const decided = { state: state ?? 'Present', uid, shell: shell?.replace(/^\/usr\//, '/'), home, locked };
    return {
      ...Object.fromEntries(
        Object.entries(decided).flatMap(([what, value]) =>
          value === undefined ? [] : [[`${what} of user ${name}`, `${value}`]],
        ),
      ),
      ...Object.fromEntries(
        groups.map((group) => [`members of group ${group}`, { is: 'words' as const, has: [name] }]),
      ),
    };
  },
};

function remedyOf(declared: UserCheck, observed: UserObserved): Remedy {
  const { name, state, uid, shell, home, locked } = declared;
  const lock = locked === undefined ? {} : { locked };
  if (observed.is === 'absent') {
    if (/^[0-9]+$/.test(name))
      return manual('a name that consists only of digits would be taken for a UID: choose another');
    const properties = { ...(uid !== undefined && { uid }), ...(shell && { shell }), ...(home && { home }) };
    return changes({
      do: 'account',
      name,
      ...properties,
      ...groupsOf(declared.groups),
      ...(locked && lock),
      seen: 'absent',
    });
  }
  if (!observed.isLocal && (state === 'Absent' || [uid, shell, home, locked].some((one) => one !== undefined)))
    return manual('it does not come from /etc/passwd but from a directory service: change it there');
  const seen = seenOf(declared, observed);
  const who = observed.uid === 0 ? 'it is root' : 'Holdfast logs in as it';
  if (state === 'Absent') {
    if (observed.isOurs) return manual(`Holdfast does not remove it: ${who}`);
    return changes({ do: 'account', name, state, seen });
  }
  const change = {
    ...(uid !== undefined && uid !== observed.uid && { uid }),
    ...(shellDifference(declared, observed) && { shell: shell ?? '' }),
    ...(home !== undefined && !observed.sameHome && withoutEnd(observed.home) !== home && { home }),
    ...(lockDifference(declared, observed) && lock),
  };
  const touched = Object.keys(change);
  if (observed.isOurs && touched.length && !(touched.join() === 'locked' && locked === false))
    return manual(`Holdfast does not change the UID, home directory, shell or lock of this account: ${who}`);
  if (locked === false && lockDifference(declared, observed)) {
    return manual(
      observed.password === 'empty'
        ? 'it has no password at all, so anyone may log in: lock it, or set a password with `passwd`'
        : 'only its owner knows whether the locked password may be used again: unlock it with `usermod -U`, or set a new one with `passwd`',
    );
  }
  return changes({ do: 'account', name, ...change, ...groupsOf(lacking(declared, observed)), seen });
}

function groupsOf(groups: readonly string[] | undefined): { groups?: readonly string[] } {
  return groups?.length ? { groups } : {};
}

function seenOf({ locked }: UserCheck, { uid, gid, home, shell, password }: PresentUser): string {
  return ['p', uid, gid, home, shell, locked === undefined ? '' : password].join(':');
}

function lacking({ groups = [] }: UserCheck, observed: PresentUser): string[] {
  return groups.filter((group) => !observed.groups.includes(group));
}

function shellDifference({ shell }: UserCheck, observed: PresentUser): Difference | undefined {
  if (observed.sameShell) return undefined;
  // See passwd(5).
  return differs('shell', shell, visible(observed.shell || '/bin/sh'));
}

function lockDifference({ locked }: UserCheck, { password }: PresentUser): Difference | undefined {
  if (locked === undefined) return undefined;
  if (locked)
    return password === 'locked'
      ? undefined
      : differs('locked', 'yes', password === 'empty' ? 'no, and it has no password at all' : 'no');
  return password === 'set'
    ? undefined
    : differs('locked', 'no', password === 'empty' ? 'no, and it has no password at all' : 'yes');
}

function withoutEnd(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}
