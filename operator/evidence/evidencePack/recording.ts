/** What the journal is to say of a pack that the status does not have yet. Pure. */
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { StoredPack } from '../../api/v1alpha1/evidencePackStatus.ts';
import type { Action, Key } from '../../runtime/feature.ts';
import type { Head } from './head.ts';

/** It is recorded before the status has it, so that neither a lost reply nor the end of the process omits it; the journal takes it once. */
export interface StoredRecord {
  readonly store: Key;
  readonly pack: { readonly name: string; readonly uid: string };
  readonly stored: StoredPack;
}

export function recording({ metadata, spec, status }: EvidencePack, head: Head | undefined): Action<StoredRecord>[] {
  if (!head || head.pack.sequence <= (status?.last?.sequence ?? 0)) return [];
  const { namespace = '', name, uid = '' } = metadata;
  const store = { namespace, name: spec.storeRef.name };
  return [{ do: 'perform', effect: { store, pack: { name, uid }, stored: head.pack } }];
}
