/** What a finding is, whenever and however often it is looked at: where it is, and with which value. */
import { digestOf } from '../lib/digest.ts';
import type { Finding } from './v1alpha1/finding.ts';

export type Identified = Pick<Finding, 'check' | 'object' | 'path' | 'expected' | 'found'>;

/** Findings are values and never changed in place: a digest is computed once. */
const known = new WeakMap<Identified, string>();

/** Which check differs, and where, never the value: a wrong value that becomes another one is the same finding, older. */
export function identityOf({ check, object, path }: Identified): string {
  const { apiVersion, kind, namespace, name } = object ?? {};
  return [check, apiVersion, kind, namespace, name, path].map((part) => part ?? '').join('\n');
}

/** The identity with the value that was seen, to which the approval of a waiver is bound. It is not stored with the finding. */
export function fingerprintOf(finding: Identified): string {
  const { check, object, path, expected, found } = finding;
  const fingerprint = known.get(finding) ?? digestOf({ check, object, path, expected, found });
  known.set(finding, fingerprint);
  return fingerprint;
}
