/** How the parts of evidence come together in a pack: its sections are written as canonical JSON, and searched by one list of rules. Pure. */
import { resources } from '../../api/generated/resources.ts';
import type { Seal } from '../../api/seal.ts';
import type { Reader } from '../../runtime/feature.ts';
import { allowedBy } from '../gate/allowed.ts';
import { gate, rules } from '../gate/gate.ts';
import { sections } from '../sections/sections.ts';
import { written, type Tally } from '../sections/write.ts';
import { PackFailure, type PackParts } from './kit.ts';

/** `digest` is keyed, so that the same value is known again without being known. */
export function packParts(digest: Seal): Pick<PackParts, 'sections' | 'write' | 'search'> {
  return {
    sections,
    write({ content }) {
      const tally: Tally = { records: 0 };
      return { chunks: written(content, tally), records: () => tally.records };
    },
    search(file, { pack, read }) {
      const { allow, faults } = allowedBy(pack.spec.gate?.allow ?? [], rules);
      const [fault] = faults;
      if (fault !== undefined) throw new PackFailure('InvalidGate', fault, { needsPerson: true });
      return gate(file, {
        allow: [...allow, ...always],
        people: decidersIn(read, pack.metadata.namespace ?? ''),
        conceal: digest,
      });
    },
  };
}

/** Who exported evidence is in the journal for as long as that exists, when nothing else names them any longer. */
const always = allowedBy([{ rule: 'email', path: '$.accesses[*].actor' }], rules).allow;

/** Whose addresses evidence has to name: those who ask for waivers and decide about them. */
function decidersIn(read: Reader, namespace: string): ReadonlySet<string> {
  return new Set([
    ...read.list(resources.PolicyWaiver, namespace).map(({ spec }) => spec.requestedBy),
    ...read.list(resources.Approval, namespace).map(({ spec }) => spec.approver),
  ]);
}
