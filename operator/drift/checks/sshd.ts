/**
 * Sshd: the value of an option for everybody, as `sshd -T` says it would be in effect with the arguments of the unit, and as the running
 * daemon has it: started with the same arguments, and its configuration read since the files changed last. A Match that sets it otherwise
 * for some is drift. Correction changes the first line that counts, which is in the main file or is put at its top, above all includes: there
 * it wins on every release. The whole new configuration is tried before it is in place, and never one that would keep Holdfast out.
 */
import type { SshdCheck } from '../../api/v1alpha1/systemChecks.ts';
import type { CheckType } from './checkType.ts';
import type { Claim } from './claim.ts';
import { known, notApplicable, unknown } from './comparison.ts';
import { parseSshd, type SshdObserved } from './sshdConfig.ts';
import { compareMatches, compareWays } from './sshdComparison.ts';
import { sshdRemedy } from './sshdRemedy.ts';
import { placedFor } from './placed.ts';
import { access, sshdLook, sshdScript } from './sshdScript.ts';
import { canonical, isEndless, isStructural, nameOf, namesOf } from './sshdWords.ts';

export const sshd: CheckType<'sshd', SshdObserved> = {
  key: 'sshd',
  request: ({ option }) => [namesOf(option).join(' ')],
  shares: [
    placedFor(() => ['/etc/ssh/sshd_config']),
    { look: sshdLook, words: ({ option }) => [...namesOf(option), ...access.split(' '), ...groupsOf(option)] },
  ],
  script: sshdScript,
  parse: parseSshd,
  compare(declared, observed) {
    if (observed.is === 'absent') return notApplicable('sshd is not installed on this host');
    const why = cannotBeCompared(declared);
    if (why !== undefined) return unknown(why);
    const compared = [...compareWays(declared, observed), ...compareMatches(declared, observed)];
    const unclear = compared.find((one) => typeof one === 'string');
    return unclear === undefined ? known(compared.filter((one) => typeof one !== 'string')) : unknown(unclear);
  },
  remedy: (declared, observed) => sshdRemedy(declared, observed),
  claims: (declared) => ({ [`sshd option ${nameOf(declared.option)}`]: claimOf(declared) }),
};

/** A word by which the look tells the groups of Holdfast's account, which matter before such an option is set. */
function groupsOf(option: string): readonly string[] {
  return namesOf(option).some((name) => name.endsWith('groups')) ? ['@groups'] : [];
}

function claimOf({ option, value, excludes, atLeast, atMost }: SshdCheck): Claim {
  if (excludes) return { is: 'words', without: excludes };
  if (value === undefined) return { is: 'number', atLeast, atMost };
  const same = canonical(option, [value]);
  return isEndless(option, same === '' ? NaN : Number(same)) ? 'Infinity' : same;
}

function cannotBeCompared({ option, value }: SshdCheck): string | undefined {
  if (isStructural(option)) return 'Match and Include are not options: declare the options that they affect';
  if (value !== undefined && /^[-+^]/.test(value))
    return 'declare the full list, or `excludes`: `sshd -T` does not show how `+`, `-` or `^` change the default';
  return undefined;
}
