/** What is told of the packs that a store has, beside those that were stored. Pure. */
import type { DomainConditions } from '../../runtime/feature.ts';
import type { ChainState } from './head.ts';

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
    case 'foreign': {
      const message = `pack ${chain.sequence} in the store was not made with this key, or does not follow the one before; find out who stored it, and remove it`;
      return { reason: 'PackForeign', message };
    }
  }
}
