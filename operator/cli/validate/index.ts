/** Reads files, validates what is of our kinds, and says what was found: objects and files are judged one by one. */
import { basename, dirname } from 'node:path';
import { schemas } from '../../api/generated/schemas.ts';
import { createValidator } from '../../api/validator.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { systemClock } from '../../runtime/clock.ts';
import { ownVersion } from '../../wiring/version.ts';
import { exit, Failure, type Exit, type Io } from '../command.ts';
import { shippedKinds } from '../explain/kinds.ts';
import { readInputs, type Input } from '../inputs.ts';
import type { ValidateOutput } from '../validate.ts';
import { objectsIn, type Written } from './documents.ts';
import { faultsOf } from './faults.ts';
import { validated, type Schemas } from './object.ts';
import { problemIn, type Problem } from './problem.ts';
import { danglingIn } from './references.ts';
import { isInvalid, reportText, type ObjectReport, type Report } from './report.ts';

interface Asked {
  readonly files: readonly string[];
  readonly format: ValidateOutput;
}

const validate = createValidator<string>(schemas);

export async function runValidate({ files, format }: Asked, io: Io): Promise<Exit> {
  const known: Schemas = { kinds: await shippedKinds(io), validate };
  const inputs = await readInputs(files, io);
  const report = reportOf(inputs, known);
  for (const hint of hintsFor(inputs)) io.stderr(`${hint}\n`);
  io.stdout(reportText(report, format, { version: ownVersion(), columns: io.terminal?.()?.columns ?? 80 }));
  if (report.unreadable.length > 0 || inputs.length === 0) return exit.failed;
  return report.objects.length === 0 || report.objects.some(isInvalid) ? exit.differs : exit.holds;
}

interface Judged {
  readonly written: Written;
  readonly kind: string;
  readonly name: string;
  readonly problems: readonly Problem[];
  readonly stored?: Resource;
}

function reportOf(inputs: readonly Input[], known: Schemas): Report {
  const unreadable: { file: string; message: string }[] = [];
  const judged: Judged[] = [];
  let skipped = 0;
  for (const input of inputs) {
    try {
      if ('problem' in input) throw new Failure(input.problem);
      for (const written of objectsIn(input.text, input.name)) {
        const one = judgedAs(written, input.isNamed, known);
        if (one) judged.push(one);
        else skipped += 1;
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      unreadable.push({ file: input.name, message: error.message });
    }
  }
  const dangling = danglingIn(judged.flatMap(({ stored }) => stored ?? []));
  const objects = judged.map(({ written, kind, name, problems, stored }): ObjectReport => {
    const all = [...problems, ...((stored && dangling.get(stored)) ?? [])];
    return {
      ...{ file: written.file, line: written.lineOf(''), kind, name },
      problems: all.map((problem) => ({ ...problem, line: written.lineOf(problem.path) })),
    };
  });
  return { objects: withTwins(objects), skipped, unreadable };
}

/** Undefined for what is of another kind. What a person named and is no object at all is invalid; a directory may have such files. */
function judgedAs(written: Written, isNamed: boolean, known: Schemas): Judged | undefined {
  const one = validated(written.value, known);
  if (one.is === 'ours') {
    const stored = one.stored as Resource | undefined;
    const problems = [...one.problems, ...(stored ? faultsOf(stored, systemClock.now()) : [])];
    return { written, kind: one.kind, name: one.name, problems, ...(stored && { stored }) };
  }
  const { kind, apiVersion } = (written.value ?? {}) as { kind?: unknown; apiVersion?: unknown };
  if (!isNamed || (kind !== undefined && apiVersion !== undefined)) return undefined;
  const problems = [problemIn('invalid', 'it has no apiVersion and kind, so it is not an object of Kubernetes')];
  return { written, kind: '(no kind)', name: '(no name)', problems };
}

/** Of two objects of one name, the second replaces the first when they are applied. */
function withTwins(objects: readonly ObjectReport[]): ObjectReport[] {
  const seen = new Map<string, ObjectReport>();
  return objects.map((one) => {
    const key = `${one.kind}/${one.name}`;
    const first = seen.get(key);
    if (!first) seen.set(key, one);
    if (!first || one.name.startsWith('(') || one.name.endsWith('…')) return one;
    const message = `metadata.name: ${first.file}:${first.line} has a ${one.kind} of this name too; if both are for one namespace, the last one counts`;
    return { ...one, problems: [...one.problems, { ...problemIn('warning', message), line: one.line }] };
  });
}

/** What has to be built before it can be validated. */
function hintsFor(inputs: readonly Input[]): string[] {
  const folders = (pattern: RegExp) => [
    ...new Set(inputs.filter(({ name }) => pattern.test(basename(name))).map(({ name }) => dirname(name))),
  ];
  return [
    ...folders(/^kustomization\.ya?ml$/).map(
      (folder) =>
        `note: ${folder} is a directory of kustomize; patches are not complete objects. Validate what it builds: kustomize build ${folder} | kubectl holdfast validate -f -`,
    ),
    ...folders(/^Chart\.yaml$/).map(
      (folder) =>
        `note: ${folder} is a Helm chart. Validate what it renders: helm template ${folder} | kubectl holdfast validate -f -`,
    ),
  ];
}
