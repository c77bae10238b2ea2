/** The files of OSCAL in an export, from the sections of its newest pack; where there are none, a reason. Pure. */
import { assessmentResults } from '../oscal/assessmentResults.ts';
import { statementId, type OscalInput } from '../oscal/input.ts';
import { planOfAction } from '../oscal/planOfAction.ts';
import { problemsOf } from '../oscal/problems.ts';
import type { ContentWaiver, PolicyContent } from '../sections/contents.ts';
import type { SectionName } from '../sections/section.ts';
import type { SelectedPack, Selection } from './selection.ts';

export interface OscalFiles {
  readonly documents: readonly { readonly path: string; readonly text: string }[];
  /** Of what is not there, why; of what is there, which pack it is of. A fragment. */
  readonly about: string;
}

const results = 'oscal/assessment-results.json';
const plan = 'oscal/plan-of-action-and-milestones.json';
const sections: readonly SectionName[] = ['Evidence', 'Policy'];

/** The last that was signed, whatever its name. */
export function newestPack({ packs }: Selection): SelectedPack | undefined {
  const timeOf = (pack: SelectedPack): number => Date.parse(pack.predicate.time);
  return packs.reduce<SelectedPack | undefined>(
    (newest, pack) => (newest && timeOf(newest) > timeOf(pack) ? newest : pack),
    undefined,
  );
}

/** Why there cannot be any, before a file is read. A fragment. */
export function whyNoOscal(pack: SelectedPack, { isBroken }: { readonly isBroken: boolean }): string | undefined {
  // A document of OSCAL is passed on alone, without what the page says of the evidence.
  if (isBroken) return 'it is not made from evidence that could not be verified';
  const present = pack.files.filter(({ isLeftOut }) => !isLeftOut).map(({ section }) => section);
  const leftOut = pack.files.filter(({ isLeftOut }) => isLeftOut).map(({ section }) => section);
  const missing = sections.filter((section) => !present.includes(section));
  if (missing.length === 0) return undefined;
  const why = missing.every((section) => leftOut.includes(section)) ? 'left out of this export' : 'not in the pack';
  return `it is made from the sections Evidence and Policy, and ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} ${why}`;
}

/** From the two sections, as they were read from the bytes that were signed; undefined is one that could not be read. */
export function oscalFiles(
  pack: SelectedPack,
  { policy, waivers }: { readonly policy?: PolicyContent; readonly waivers?: readonly ContentWaiver[] },
  frameworks: readonly string[],
): OscalFiles {
  const { predicate } = pack;
  const name = `pack ${predicate.sequence} of ${predicate.pack.name}`;
  if (!policy || !waivers) return none(`the section ${policy ? 'Evidence' : 'Policy'} of ${name} cannot be read`);
  const input: OscalInput = {
    frameworks: frameworks.length > 0 ? frameworks : policy.frameworks.map(({ id }) => id),
    policy,
    waivers,
    pack: { name: predicate.pack.name, sequence: predicate.sequence },
    files: pack.files
      .filter(({ isLeftOut }) => !isLeftOut)
      .map(({ name: file, path, mediaType, digest }) => ({
        name: file,
        href: `../${path.split('/').map(encodeURIComponent).join('/')}`,
        mediaType,
        sha256: digest.sha256,
      })),
    version: predicate.collector.version,
  };
  const assessment = assessmentResults(input);
  if (!assessment) return none(`${name} has no control of ${frameworks.join(', ') || 'a framework'}`);
  const action = planOfAction(input);
  const made = [{ path: results, document: assessment }, ...(action ? [{ path: plan, document: action }] : [])];
  const statements = new Set(policy.controls.map(({ framework, control }) => statementId(framework, control)));
  const [problem] = made.flatMap(({ document }) => problemsOf(document, statements));
  if (problem !== undefined) return none(`the sections of ${name} do not fit each other: ${problem}`);
  return {
    documents: made.map(({ path, document }) => ({ path, text: `${JSON.stringify(document, null, 2)}\n` })),
    about: `of ${name}${action ? '' : '; without a plan of action: nothing fails or is waived'}`,
  };
}

function none(why: string): OscalFiles {
  return { documents: [], about: why };
}
