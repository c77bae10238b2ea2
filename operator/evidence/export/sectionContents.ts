/** Sections, read back from the bytes that were signed: one that is not as its schema says, such as one of a later version, is not understood. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ContentWaiver, PolicyContent } from '../sections/contents.ts';
import { evidenceSchema } from '../sections/evidenceSchema.ts';
import { policySchema } from '../sections/policySchema.ts';

const ajv = new Ajv2020({ strictTypes: false, formats: { 'date-time': isTime, date: true } });
const isPolicy = ajv.compile<PolicyContent>(policySchema);
const isEvidence = ajv.compile<EvidenceContent>(evidenceSchema);

interface EvidenceContent {
  readonly waivers: readonly ContentWaiver[];
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** Undefined where it is no section Policy that this version knows. */
export function policyContent(document: unknown): PolicyContent | undefined {
  return isPolicy(document) ? document : undefined;
}

/** Waivers of a section Evidence; undefined where it is none that this version knows. */
export function waiverContents(document: unknown): readonly ContentWaiver[] | undefined {
  return isEvidence(document) ? document.waivers : undefined;
}
