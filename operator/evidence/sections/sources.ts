/** What the sources of findings of a namespace say, target by target, with the waivers of an instant. Pure. */
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { waiversBySource } from '../../findings/indexes.ts';
import { sourceId, type SourceObject, type TargetEvaluation } from '../../findings/source.ts';
import { marking } from '../../findings/waiver/marking.ts';
import { targetId } from '../../findings/waiver/subject.ts';
import { byText } from './heading.ts';
import type { SectionInput } from './section.ts';

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

function marked({ source, object }: SourceObject, evaluation: TargetEvaluation, { read, now }: About): Finding[] {
  const { name, namespace = '' } = object.metadata;
  const waivers = read.by(waiversBySource, namespace, sourceId(source.kind.kind, name));
  const groups = Map.groupBy(evaluation.findings, (finding) => targetId(evaluation.subjectOf(finding).target));
  return [...groups.values()].flatMap((findings) =>
    marking(evaluation.subjectOf(findings[0]!), waivers, now)(findings).slice(),
  );
}

/** What is not known in full of the targets, for `missing`. */
export function* gapsIn(one: SourceObject, about: About): Iterable<{ what: string; reason: string }> {
  if (!one.source.evaluations) {
    yield { what: nameOf(one), reason: `results of a ${one.source.kind.kind} are not collected` };
    return;
  }
  for (const evaluation of one.source.evaluations(one.object, about.read, about.now)) {
    const what = `${targetName(evaluation)} under ${nameOf(one)}`;
    if (evaluation.state !== 'Seen') yield { what, reason: `${evaluation.state}: ${evaluation.reason ?? ''}` };
    if (evaluation.unlisted > 0)
      yield { what, reason: `${evaluation.unlisted} findings are counted in its report and not listed` };
  }
}
