/** Runs `import ocm`: what is read, what becomes of it, and the report. */
import type { ServiceAccountRef } from '../../../api/v1alpha1/clusterBaseline.ts';
import { exit, Failure, UsageError, type Exit, type Io } from '../../command.ts';
import { readInputs, type Input } from '../../inputs.ts';
import { readYaml } from '../../yaml.ts';
import { yamlOf } from './baselines.ts';
import { someAccount, type OcmFlags } from './index.ts';
import type { Mode } from './objectTemplate.ts';
import { acceptable, reportOf, type Reason } from './report.ts';
import { translate, unpacked, type Document, type Wishes } from './translate.ts';

export async function runImport(flags: OcmFlags, operands: readonly string[], io: Io): Promise<Exit> {
  const asked = wishesOf(flags);
  const { documents, problems } = documentsOf(await readInputs(operands, io));
  const [objects, hub] = await Promise.all([flags.cluster, flags.hub].map((path) => objectsOf(path, io, problems)));
  for (const problem of problems) io.stderr(`error: ${problem}\n`);
  const wishes = { ...asked, cluster: { ...asked.cluster, objects: objects!, hub: hub! } };
  const { made, rows, skipped } = translate(documents, wishes);
  if (rows.length === 0 && problems.length === 0)
    throw new Failure(
      'the input has no policies of Open Cluster Management; specify files with a Policy or a ConfigurationPolicy.',
    );
  await write(yamlOf(made), flags.output ?? '-', io);
  if (rows.length > 0) io.stderr(reportOf(rows, made.length, skipped));
  if (made.length && flags['service-account'] === undefined) {
    io.stderr(
      `The baselines act as ServiceAccount ${someAccount}: create it and grant it access to what they read and write, or set --service-account.\n`,
    );
  }
  return codeOf(
    problems.length,
    rows.some(({ result }) => result === 'Not translated'),
  );
}

function codeOf(problems: number, isPartial: boolean): Exit {
  if (problems > 0) return exit.failed;
  return isPartial ? exit.differs : exit.holds;
}

async function write(yaml: string, output: string, io: Io): Promise<void> {
  if (output === '-') io.stdout(yaml);
  else if (yaml) await io.writeFile(output, yaml);
}

function wishesOf(flags: OcmFlags): Wishes {
  const { 'service-account': account = someAccount, mode, 'name-prefix': prefix = '', accept } = flags;
  if (!/^([a-z0-9][-a-z0-9.]{0,29})?$/.test(prefix)) {
    throw new UsageError(
      '--name-prefix must have at most 30 characters of a-z, 0-9, - and ., and start with a letter or digit',
    );
  }
  return {
    serviceAccountRef: accountOf(account),
    prefix,
    accepted: acceptedOf(accept),
    cluster: { name: flags['cluster-name'], objects: [] },
    ...(mode !== undefined && { mode: modeOf(mode) }),
  };
}

function acceptedOf(text: string | undefined): ReadonlySet<Reason> {
  const words = text === undefined ? [] : text.split(',').map((word) => word.trim());
  const wrong = words.find((word) => !acceptable.some((reason) => reason === word));
  if (wrong !== undefined)
    throw new UsageError(`--accept takes ${acceptable.join(', ')}; '${wrong}' is not one of them`);
  return new Set(words as Reason[]);
}

function accountOf(text: string): ServiceAccountRef {
  const match = /^([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)\/([a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?)$/.exec(text);
  if (!match) throw new UsageError('--service-account must have the form namespace/name');
  return { namespace: match[1]!, name: match[2]! };
}

function modeOf(text: string): Mode {
  const mode = (['Inform', 'Enforce'] as const).find((one) => one.toLowerCase() === text.toLowerCase());
  if (!mode) throw new UsageError('--mode must be Inform or Enforce');
  return mode;
}

/** Objects of a cluster, from a file; none where none is given. */
async function objectsOf(path: string | undefined, io: Io, problems: string[]): Promise<unknown[]> {
  if (path === undefined) return [];
  const read = documentsOf(await readInputs([path], io));
  problems.push(...read.problems);
  return read.documents.flatMap(unpacked).map(({ object }) => object);
}

/** What can be read, beside what cannot. A file that the user named must have something in it. */
function documentsOf(inputs: readonly Input[]): { documents: Document[]; problems: string[] } {
  const documents: Document[] = [];
  const problems: string[] = [];
  for (const input of inputs) {
    const read = 'problem' in input ? input.problem : documentsIn(input.text, input.name);
    if (typeof read === 'string') problems.push(read);
    else if (read.length === 0 && input.isNamed) problems.push(`${input.name} is empty; specify a file with policies.`);
    else documents.push(...read);
  }
  return { documents, problems };
}

function documentsIn(text: string, name: string): Document[] | string {
  try {
    const all = readYaml(text, name);
    return all.map((object, index) => ({ from: all.length > 1 ? `${name}, document ${index + 1}` : name, object }));
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}
