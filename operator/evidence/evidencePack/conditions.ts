/** What is said of the packs that are stored, as conditions. Pure. */
import type { EvidencePackStatus, StoredPack } from '../../api/v1alpha1/evidencePackStatus.ts';
import { counted, listed } from '../../lib/text.ts';
import type { DomainConditions } from '../../runtime/feature.ts';
import { manifestName } from '../statement/names.ts';
import type { ChainState } from './head.ts';

/** What is told of the last pack. `foreign` are files that are named as a late witness, and are none. */
export function lastConditions(
  { last, missing = [], witnessing }: EvidencePackStatus,
  foreign: readonly string[] = [],
): DomainConditions {
  if (!last) {
    const message = 'no pack was made yet';
    // One fact, and one event: what is not there is neither signed nor complete.
    return { Stored: { status: 'Unknown', reason: 'NoPack', message } };
  }
  const lacking = missing.slice(0, 3).map(({ what, reason }) => `${what} (${reason})`);
  const more = missing.length > 3 ? `, and ${missing.length - 3} more; see status.missing` : '';
  return {
    Signed: signedCondition(last, witnessing, foreign),
    Stored: { status: 'True', reason: 'Stored', message: `pack ${last.sequence} is at ${last.uri}` },
    Complete: last.complete
      ? { status: 'True', reason: 'Complete', message: `pack ${last.sequence} has all that it should` }
      : {
          status: 'False',
          reason: 'Partial',
          message: `pack ${last.sequence} lacks ${listed(lacking)}${more}`,
          warns: true,
        },
  };
}

function signedCondition(
  { sequence, time, unwitnessed = [] }: StoredPack,
  witnessing: EvidencePackStatus['witnessing'],
  [foreign]: readonly string[],
): DomainConditions[string] {
  const signed = `pack ${sequence} was signed at ${time}`;
  if (foreign !== undefined) {
    const message = `${signed}; ${foreign} is not of its signature, and whoever verifies the store refuses it; find out who wrote it, and remove it`;
    return { status: 'True', reason: 'WitnessForeign', message, warns: true };
  }
  const again = witnessing?.nextTime === undefined ? '' : '; they are asked again later';
  const why = witnessing?.message === undefined ? '' : ` (${witnessing.message})`;
  if (unwitnessed.length > 0) {
    const without = `${signed}, without ${listed(unwitnessed)}, which did not respond: nothing else proves when${again}${why}`;
    return { status: 'True', reason: 'NotWitnessed', message: without, warns: true };
  }
  if (witnessing) {
    const { packs, newest, witnesses } = witnessing;
    const which = packs === 1 ? `pack ${newest} lacks` : `${counted(packs, 'pack')} up to ${newest} lack`;
    const message = `${signed}; ${which} ${listed(witnesses)}${again}${why}`;
    return { status: 'True', reason: 'NotWitnessed', message, warns: true };
  }
  return { status: 'True', reason: 'Signed', message: signed };
}

export function chainCondition(chain: ChainState): DomainConditions {
  if (chain.is === 'intact')
    return { ChainIntact: { status: 'True', reason: 'Intact', message: 'the store has every pack that was stored' } };
  return { ChainIntact: { status: 'False', ...brokenBy(chain), warns: true } };
}

function brokenBy(chain: Exclude<ChainState, { is: 'intact' }>): { reason: string; message: string } {
  switch (chain.is) {
    case 'gone': {
      const packs = chain.from === chain.to ? `pack ${chain.to}` : `packs ${chain.from} to ${chain.to}`;
      const message = `the store lacks ${packs}; find out who removed it, and restore the version that the store still has`;
      return { reason: 'PacksGone', message };
    }
    case 'altered': {
      const message = `pack ${chain.sequence} in the store is not the one that was stored; find out who replaced it, and restore the version of before`;
      return { reason: 'PackAltered', message };
    }
    case 'alteredKeys':
      return { reason: 'KeysAltered', message: chain.message };
    case 'foreignKeys': {
      const files = listed(chain.numbers.slice(0, 3).map((number) => `keys/${manifestName(number)}`));
      const message = `${files} in the store is not endorsed by a key of this EvidencePack, and not followed; find out who stored it, and remove it; the next pack adds a list that says so to whoever verifies the store`;
      return { reason: 'KeysForeign', message };
    }
    case 'foreign': {
      const { sequence, digest, isSigned } = chain.bundle;
      const skip =
        digest === undefined || isSigned
          ? ''
          : `; if the store has it locked, declare it in spec.skips, with digest ${digest} and the reason`;
      const message = `pack ${sequence} in the store was not made with this key, or does not follow the one before; find out who stored it, take their right to write to the store away, and remove it${skip}`;
      return { reason: 'PackForeign', message };
    }
  }
}
