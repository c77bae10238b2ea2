/** What would be corrected, as lines. Pure. */
import { counted, shortened } from '../../lib/text.ts';
import type { Branch } from '../cluster/lines.ts';
import type { CorrectionFacts, RolloutFacts } from './correctionFacts.ts';
import { namesInWords, type Names } from './effect.ts';

const longestReason = 200;

export function correctionBranches(
  facts: CorrectionFacts,
  { asked }: { readonly asked: ReadonlyMap<string, unknown> },
  isWide: boolean,
): Branch[] {
  const { mode, contradictions, rollout } = facts;
  const conflicts = contradictions.map((text) => ({ text: `conflict: ${text}` }));
  const canary = rollout ? [rolloutBranch(rollout, isWide)] : [];
  if (mode === 'Inform') return [...conflicts, ...canary, { text: 'correction: none, mode Inform only reports' }];
  return [...conflicts, ...canary, enforceBranch(facts, asked.size > 0, isWide)];
}

function enforceBranch(facts: CorrectionFacts, wasAsked: boolean, isWide: boolean): Branch {
  const { corrects, manual, undecided, waits } = facts;
  const names = (all: Names): string => namesInWords(all, isWide);
  const branches: Branch[] = [
    ...corrects.map(({ check, hosts, how }) => ({ text: `${check} on ${names(hosts)}`, more: how })),
    ...manual.map(({ check, hosts, why }) => ({
      text: `left for a person: ${check} on ${names(hosts)}: ${shortened(why, longestReason)}`,
    })),
    ...(undecided.count > 0
      ? [
          {
            text: `not known on ${names(undecided)}: what is corrected there is decided once it is evaluated${wasAsked ? '' : '; --ssh asks the hosts now'}`,
          },
        ]
      : []),
    ...whenBranches(facts, isWide),
    ...waits.map((text) => ({ text: shortened(text, 500) })),
  ];
  const once = facts.rollout?.isNew ? ', once a host has the new revision' : '';
  return { text: corrects.length > 0 ? `correction${once}:` : 'correction: nothing that is known', branches };
}

function whenBranches({ corrects, first, atOnce, rollout }: CorrectionFacts, isWide: boolean): Branch[] {
  if (corrects.length === 0 || rollout) return [];
  const atMost = `at most ${counted(atOnce, 'host')} at a time`;
  return [{ text: first ? `first: ${namesInWords(first, isWide)}; ${atMost}` : atMost }];
}

function rolloutBranch({ name, isNew, steps }: RolloutFacts, isWide: boolean): Branch {
  if (!isNew) return { text: 'rollout: the checks are the revision of before' };
  if (name === undefined)
    return { text: 'rollout: no CanaryRollout rolls out this baseline: no host gets the new revision; create one' };
  return {
    text: `rollout: CanaryRollout ${name} rolls out the new revision`,
    branches: steps.map(({ percent, hosts, words }, at) => ({
      text: `step ${at + 1}, ${percent}%: ${hosts.count === 0 ? 'no further host' : namesInWords(hosts, isWide)}; ${words}`,
    })),
  };
}
