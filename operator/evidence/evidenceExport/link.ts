/** Links to archives: how long one can be used, how many there are, and what each is bound to. Pure. */
import type { EvidenceExport } from '../../api/v1alpha1/evidenceExport.ts';

export const linkSeconds = 900;
/** Of one export. */
export const mostLinks = 50;
/** Asks for another one, by a value that it did not have before. */
export const renewAnnotation = 'holdfast.dev/renew-link';

/** What is encrypted for one export cannot be shown as that of another. */
export function linkContext(
  { metadata: { namespace = '', name, uid = '' } }: Pick<EvidenceExport, 'metadata'>,
  digest: string,
  expiryTime: string,
): string {
  return ['holdfast.dev/evidence-export-link/v1', namespace, name, uid, digest, expiryTime].join('\n');
}
