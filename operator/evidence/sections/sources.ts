/** What the sources of findings of a namespace say, target by target, with the waivers of an instant. Pure. */
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { waiversBySource } from '../../findings/indexes.ts';
import { sourceId, type SourceObject, type TargetEvaluation } from '../../findings/source.ts';
import { marking } from '../../findings/waiver/marking.ts';
import { targetId } from '../../findings/waiver/subject.ts';
import { byText } from './heading.ts';
import type { Missing, SectionInput } from './section.ts';

type About = Pick<SectionInput, 'read' | 'namespace' | 'now' | 'sources'>;

/** The objects that declare checks and whose findings are in the namespace, by kind and name. */
export function sourcesIn({ read, namespace, sources }: About): SourceObject[] {
  return sources
    .flatMap((source) => read.list(source.kind, '').map((object) => ({ source, object })))
    .filter(({ source, object }) => source.home(object) === namespace)
    .sort((a, b) => byText(nameOf(a), nameOf(b)));
}

/** Such as `DeviceBaseline rhel9`. */
export function nameOf({ source, object }: SourceObject): string {
  return `${source.kind.kind} ${object.metadata.name}`;
}

/** Such as `Device web-01`. */
export function targetName({ target: { kind, name } }: TargetEvaluation): string {
  return kind === 'Cluster' ? 'the cluster' : `${kind} ${name}`;
}

/** Each target with its findings as they stand to waivers now. */
export function* evaluationsOf(one: SourceObject, about: About): Iterable<TargetEvaluation> {
  const { source, object } = one;
  for (const evaluation of source.evaluations?.(object, about.read, about.now) ?? [])
    yield { ...evaluation, findings: marked(one, evaluation, about) };
}

function marked(
  { source, object }: SourceObject,
  evaluation: TargetEvaluation,
  { read, now }: About,
): readonly Finding[] {
  const { findings } = evaluation;
  const { name, namespace = '' } = object.metadata;
  const waivers = read.by(waiversBySource, namespace, sourceId(source.kind.kind, name));
  const [first] = findings;
  if (!first) return findings;
  const subject = evaluation.subjectOf(first);
  // Of a host, all findings have one subject.
  if (findings.every((finding) => evaluation.subjectOf(finding) === subject))
    return marking(subject, waivers, now)(findings);
  const groups = Map.groupBy(findings, (finding) => targetId(evaluation.subjectOf(finding).target));
  return [...groups.values()].flatMap((group) => [...marking(evaluation.subjectOf(group[0]!), waivers, now)(group)]);
}

/** Why nothing is known of a source. */
export function uncollected(one: SourceObject): Missing[] {
  if (one.source.evaluations) return [];
  return [{ what: nameOf(one), reason: `results of a ${one.source.kind.kind} are not collected` }];
}

/** What is not known in full of a target, for `missing`. */
export function gapsIn(one: SourceObject, evaluation: TargetEvaluation): Missing[] {
  const { state, reason = '', unlisted } = evaluation;
  if (state === 'Seen' && unlisted <= 0) return [];
  const what = `${targetName(evaluation)} under ${nameOf(one)}`;
  return [
    ...(state === 'Seen' ? [] : [{ what, reason: `${state}: ${reason}` }]),
    ...(unlisted > 0 ? [{ what, reason: `${unlisted} findings are counted in its report and not listed` }] : []),
  ];
}
