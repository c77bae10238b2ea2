/** The identity of a finding: what differs, where and how; not since when, who wrote it, or what is said of it. */
import { digestOf } from '../lib/digest.ts';
import type { Finding } from './v1alpha1/finding.ts';

export type Identified = Pick<Finding, 'check' | 'object' | 'path' | 'expected' | 'found'>;

/** Findings are values and never changed in place: a digest is computed once. */
const known = new WeakMap<Identified, string>();

/** It is not stored with the finding: nobody reads digests. */
export function fingerprintOf(finding: Identified): string {
  const { check, object, path, expected, found } = finding;
  const fingerprint = known.get(finding) ?? digestOf({ check, object, path, expected, found });
  known.set(finding, fingerprint);
  return fingerprint;
}
