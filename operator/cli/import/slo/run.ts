/** Runs `import slo`: what is read, what becomes of it, and the report. */
import type { ServiceLevelObjectiveSpec } from '../../../api/v1alpha1/serviceLevelObjective.ts';
import { exit, Failure, type Exit, type Io } from '../../command.ts';
import { readInputs } from '../../inputs.ts';
import { printable } from '../../table.ts';
import { readYaml, writeYaml } from '../../yaml.ts';
import { asList, asObject, asText, type Json } from '../ocm/json.ts';
import { Names } from '../ocm/names.ts';
import { fromOpenSlo, isOpenSlo } from './openSlo.ts';
import { fromPyrra, isPyrra } from './pyrra.ts';
import { reportOf, type Translated } from './report.ts';
import { fromSloth, isSloth } from './sloth.ts';

export async function runImport(operands: readonly string[], io: Io): Promise<Exit> {
  const documents: Document[] = [];
  let problems = 0;
  for (const input of await readInputs(operands, io)) {
    const read = 'problem' in input ? input.problem : documentsIn(input.text, input.name);
    if (typeof read !== 'string') documents.push(...read);
    else {
      problems += 1;
      io.stderr(`error: ${read}\n`);
    }
  }
  const { all, ignored } = translated(documents);
  if (all.length === 0 && problems === 0)
    throw new Failure('the input has no objectives; specify files of OpenSLO v1, of Sloth or of Pyrra.');
  io.stdout(yamlOf(all));
  io.stderr(reportOf(all, ignored));
  if (problems > 0) return exit.failed;
  return all.some(({ spec }) => typeof spec === 'string') ? exit.differs : exit.holds;
}

interface Document {
  readonly from: string;
  readonly object: Json;
}

function documentsIn(text: string, name: string): Document[] | string {
  try {
    const all = readYaml(text, name).flatMap((one) => asList(asObject(one)?.['items']) ?? [one]);
    return all.map((one, index) => ({
      from: all.length > 1 ? `${name}, document ${index + 1}` : name,
      object: asObject(one) ?? {},
    }));
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

function translated(documents: readonly Document[]): { all: Translated[]; ignored: string[] } {
  const objects = documents.map(({ object }) => object);
  const ignored: string[] = [];
  const all = documents.flatMap(({ object, from }) => {
    if (isSloth(object)) return fromSloth(object, from);
    if (isPyrra(object)) return fromPyrra(object, from);
    if (isOpenSlo(object) && object['kind'] === 'SLO') return fromOpenSlo(object, from, objects);
    // What an SLO refers to is read with it.
    if (!(isOpenSlo(object) && ['SLI', 'DataSource'].includes(asText(object['kind']) ?? '')))
      ignored.push(`${from} (${asText(object['kind']) ?? 'no kind'})`);
    return [];
  });
  return { all, ignored };
}

function yamlOf(all: readonly Translated[]): string {
  const names = new Names();
  const documents = all.flatMap(({ item, name, spec, notes }) =>
    typeof spec === 'string' ? [] : [document(item, names.free(name, item), spec, notes)],
  );
  return documents.join('');
}

function document(item: string, name: string, spec: ServiceLevelObjectiveSpec, notes: readonly string[]): string {
  const object = { apiVersion: 'holdfast.dev/v1alpha1', kind: 'ServiceLevelObjective', metadata: { name }, spec };
  return `---\n${[item, ...notes].map((line) => `# ${printable(line)}\n`).join('')}${writeYaml(object)}`;
}
