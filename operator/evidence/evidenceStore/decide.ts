/** What a check of a store means: whether it can be used, and whether what it keeps is locked. Pure. */
import type { EvidenceStore, EvidenceStoreSpec } from '../../api/v1alpha1/evidenceStore.ts';
import type { StoreReason } from '../../connect/objectStore/types.ts';
import { secondsUntil } from '../../lib/recheck.ts';
import { counted } from '../../lib/text.ts';
import type { DomainCondition, Outcome, Plan } from '../../runtime/feature.ts';
import type { StoreWorld } from './observe.ts';
import { uriOf } from './root.ts';

const checkSeconds = 300;
const retrySeconds = 60;

/** What may pass by itself; all else is for a person to change. */
const passing: readonly StoreReason[] = ['Unavailable', 'Slow', 'Full', 'Exists'];

export function decideStore(store: EvidenceStore, world: StoreWorld, now: Date): Plan<EvidenceStore> {
  const { spec, status } = store;
  if (world.is === 'suspended') return suspended(store, now);
  const probe = world.is === 'sound' ? world.probe : status?.probe;
  return {
    outcome: outcomeOf(spec, world),
    conditions: { Locked: lockedBy(spec, world) },
    status: { uri: uriOf(store), ...(probe && { probe }) },
    actions: [],
  };
}

type Checked = Exclude<StoreWorld, { readonly is: 'suspended' }>;

function outcomeOf(spec: EvidenceStoreSpec, world: Checked): Outcome {
  switch (world.is) {
    case 'sound': {
      const what = spec.s3?.objectLock ? 'written, locked and read back' : 'written and read back';
      return { is: 'ready', reason: 'Probed', message: `a probe was ${what}`, recheckAfter: checkSeconds };
    }
    case 'missing':
      return { is: 'waiting', reason: world.reason, message: world.message, recheckAfter: retrySeconds };
    case 'stranger':
      return { is: 'stalled', reason: 'PrefixInUse', message: world.message, recheckAfter: checkSeconds };
    case 'failed': {
      const { reason, message } = world;
      return { is: passing.includes(reason) ? 'waiting' : 'stalled', reason, message, recheckAfter: retrySeconds };
    }
  }
}

/** What is said of the lock is never more than was read back. */
function lockedBy({ s3 }: EvidenceStoreSpec, world: Checked): DomainCondition {
  if (!s3)
    return {
      status: 'False',
      reason: 'NotSupported',
      message: 'a file system locks nothing; use a bucket with object lock for evidence that nobody may change',
    };
  const { objectLock: lock } = s3;
  if (!lock)
    return {
      status: 'False',
      reason: 'NotDeclared',
      message: 'who may write to the bucket may change what is stored; declare `objectLock`',
    };
  if (world.is === 'sound')
    return {
      status: 'True',
      reason: 'ReadBack',
      message: `${lock.mode} for ${counted(lock.retentionDays, 'day')} was read back`,
    };
  if (world.is === 'failed' && world.reason === 'LockRefused')
    return { status: 'False', reason: 'LockRefused', message: world.message, warns: true };
  const reason = world.is === 'failed' ? world.reason : world.is === 'stranger' ? 'PrefixInUse' : world.reason;
  return { status: 'Unknown', reason, message: world.message };
}

function suspended({ spec, status }: EvidenceStore, now: Date): Plan<EvidenceStore> {
  const { suspend } = spec;
  const until = suspend?.until === undefined ? 'until spec.suspend is removed' : `until ${suspend.until}`;
  const message = `${suspend?.reason ?? ''} (${until})`;
  return {
    outcome: {
      is: 'ready',
      reason: 'Suspended',
      message: 'suspended, as declared',
      ...(suspend?.until !== undefined && { recheckAfter: secondsUntil(new Date(suspend.until), now) }),
    },
    conditions: {
      Locked: { status: 'Unknown', reason: 'Suspended', message },
      Suspended: { status: 'True', reason: 'Suspended', message },
    },
    status: { ...(status?.uri !== undefined && { uri: status.uri }), ...(status?.probe && { probe: status.probe }) },
    actions: [],
  };
}
