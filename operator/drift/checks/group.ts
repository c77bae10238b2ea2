/**
 * Group: whether a group of accounts is there, its number, and who is in it: those that its line names, those whose first group it is,
 * those in another group of its number, and those whom newgrp lets in: by /etc/gshadow, or by a password.
 */
import type { GroupCheck } from '../../api/v1alpha1/accountChecks.ts';
import { groupScript, accountFunctions } from './accountProbe.ts';
import { changes, manual, type Remedy } from './change.ts';
import { exactly } from './claim.ts';
import type { CheckType, Difference } from './checkType.ts';
import { differs, fieldsOf, known } from './comparison.ts';
import { visible } from './shown.ts';

export type GroupObserved = { readonly is: 'absent' } | PresentGroup;

interface PresentGroup {
  readonly is: 'present';
  readonly gid: number;
  /** Whether it stands in /etc/group, and not in a directory. */
  readonly isLocal: boolean;
  readonly named: readonly string[];
  /** These two when members were asked. */
  readonly byFirstGroup: readonly string[];
  readonly byNumber: readonly string[];
  /** Those in its line of /etc/gshadow, who may add members, and whether it has a password; where no others may be members. */
  readonly inShadow: readonly string[];
  readonly administrators: readonly string[];
  readonly hasPassword: boolean;
  /** The account that Holdfast logs in as. */
  readonly ours: string;
}

export const group: CheckType<'group', GroupObserved> = {
  key: 'group',
  request: ({ name, members, exclusive }) => [
    name,
    members || exclusive ? (exclusive ? 'members-alone' : 'members') : '-',
  ],
  functions: [accountFunctions],
  script: groupScript,
  parse(answer) {
    if (answer === 'absent') return { is: 'absent' };
    const [gid, source, named, first, twins, ours, shadowed, secret, admins] = fieldsOf(answer, 9);
    if (!/^[0-9]+$/.test(gid)) throw new Error('getent reported no GID');
    return {
      is: 'present',
      gid: Number(gid),
      isLocal: source === 'here',
      named: list(named),
      byFirstGroup: list(first),
      byNumber: list(twins),
      ours,
      inShadow: list(shadowed),
      administrators: list(admins).filter((one) => one !== 'root'),
      hasPassword: secret === 'yes',
    };
  },
  compare(declared, observed) {
    if (declared.state === 'Absent') return known([differs('state', 'absent', observed.is)]);
    if (observed.is === 'absent') return known([differs('state', 'present', 'absent')]);
    return known([
      differs('gid', declared.gid, observed.gid),
      ...lacking(declared, observed).map((member): Difference => ({
        path: 'members',
        expected: member,
        actual: 'not a member',
      })),
      declared.exclusive && observed.hasPassword
        ? differs('members', 'no other member', 'anyone who knows the password of the group')
        : undefined,
      declared.exclusive && observed.administrators.length
        ? differs(
            'members',
            'no other member',
            `anyone whom its administrator ${observed.administrators.map(visible).join(', ')} adds`,
          )
        : undefined,
      ...surplus(declared, observed).map(({ member, how }): Difference => ({
        path: 'members',
        expected: 'no other member',
        actual: `${visible(member)}${how}`,
      })),
    ]);
  },
  remedy: remedyOf,
  claims({ name, state, gid, members = [], exclusive }) {
    return {
      [`state of group ${name}`]: state ?? 'Present',
      ...(gid !== undefined && { [`gid of group ${name}`]: `${gid}` }),
      [`members of group ${name}`]: exclusive ? exactly(members) : { is: 'words' as const, has: members },
    };
  },
};

function remedyOf(declared: GroupCheck, observed: GroupObserved): Remedy {
  const { name, state, gid, members = [] } = declared;
  if (observed.is === 'absent') {
    if (/^[0-9]+$/.test(name))
      return manual('a name that consists only of digits would be taken for a GID: choose another');
    return changes({
      do: 'accountGroup',
      name,
      ...(gid !== undefined && { gid }),
      ...(members.length && { add: members }),
      seen: 'absent',
    });
  }
  if (!observed.isLocal)
    return manual('it does not come from /etc/group but from a directory service: change it there');
  const seen = `g:${observed.gid}:${[...observed.named].sort().join(',')}`;
  if (state === 'Absent') {
    if (observed.gid === 0) return manual('it is the group of root');
    return changes({ do: 'accountGroup', name, state, seen });
  }
  const extra = surplus(declared, observed);
  if (declared.exclusive && observed.hasPassword)
    return manual(`newgrp accepts anyone who knows its password: remove that with \`gpasswd -r ${name}\``);
  if (declared.exclusive && observed.administrators.length)
    return manual(
      `gpasswd lets ${observed.administrators.join(', ')} add members without being root: take that away with \`gpasswd -A '' ${name}\``,
    );
  const hidden = extra.find(({ how }) => how === onlyInShadow);
  if (hidden)
    return manual(
      `newgrp accepts ${hidden.member}, which only its line in /etc/gshadow names: remove the name with \`vigr -s\``,
    );
  const [first] = extra.filter(({ how }) => how);
  if (first)
    return manual(
      `${first.member} is in it${first.how}: give that account another primary group with usermod -g, or the other group another GID`,
    );
  const remove = extra.map(({ member }) => member);
  if (remove.includes(observed.ours))
    return manual(
      `Holdfast does not remove ${observed.ours} from it, because it logs in as that account: declare it as a member, or remove it manually`,
    );
  const add = lacking(declared, observed);
  const number = gid !== undefined && gid !== observed.gid ? { gid } : {};
  return changes({
    do: 'accountGroup',
    name,
    ...number,
    ...(add.length && { add }),
    ...(remove.length && { remove }),
    seen,
  });
}

function lacking({ members = [] }: GroupCheck, { named, byFirstGroup, byNumber }: PresentGroup): string[] {
  return members.filter((member) => ![named, byFirstGroup, byNumber].some((all) => all.includes(member)));
}

const onlyInShadow = ' through /etc/gshadow';

/** Who is in it and should not be, and by what, where not by its own line. */
function surplus(
  { members = [], exclusive }: GroupCheck,
  { named, byFirstGroup, byNumber, inShadow }: PresentGroup,
): { member: string; how: string }[] {
  if (!exclusive) return [];
  const all = [
    ...named.map((member) => ({ member, how: '' })),
    ...byFirstGroup.map((member) => ({ member, how: ' through its primary group' })),
    ...byNumber.map((member) => ({ member, how: ' through another group with the same GID' })),
    ...inShadow.filter((member) => !named.includes(member)).map((member) => ({ member, how: onlyInShadow })),
  ];
  return all.filter(({ member }) => !members.includes(member));
}

/** A line may have a name twice. */
function list(text: string): string[] {
  return [...new Set(text.split(',').filter(Boolean))];
}
