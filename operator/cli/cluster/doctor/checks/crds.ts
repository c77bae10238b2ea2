/** CRDs: whether they are there and served, and whether their schemas are those of this CLI. */
import { canonicalJson, digestOf } from '../../../../lib/digest.ts';
import { listed } from '../../../../lib/text.ts';
import { fail, pass, unknown, warn, type Check, type Verdict } from '../check.ts';
import type { Facts } from '../facts.ts';
import type { Crd } from '../../kinds.ts';

interface Pair {
  readonly name: string;
  readonly ours: Crd;
  readonly live: Crd | undefined;
}

async function pairs({ shipped, crd }: Facts): Promise<Pair[]> {
  return Promise.all(
    shipped.crds.map(async (ours) => ({ name: ours.metadata.name, ours, live: await crd(ours.metadata.name) })),
  );
}

export const crds: Check = {
  name: 'crds',
  async judge(facts) {
    return crdVerdict(await pairs(facts), await facts.upgrade('crds'));
  },
};

export function crdVerdict(all: readonly Pair[], fix: string): Verdict {
  if (all.every(({ live }) => !live)) return fail('no CRD of Holdfast is installed', fix);
  const faults = all.flatMap((pair) => faultOf(pair) ?? []);
  if (faults.length > 0) return fail(listed(faults, 2), fix);
  return pass(`all ${all.length} CRDs are installed and Established`);
}

function faultOf({ name, ours, live }: Pair): string | undefined {
  if (!live) return `CRD ${name} is missing`;
  if (live.metadata.deletionTimestamp) return `CRD ${name} is being deleted`;
  const conditions = live.status?.conditions ?? [];
  if (!conditions.some(({ type, status }) => type === 'Established' && status === 'True'))
    return `CRD ${name} is not Established`;
  const served = live.spec?.versions?.flatMap((one) => (one.served ? [one.name] : [])) ?? [];
  const absent = ours.spec.versions.find((one) => one.served && !served.includes(one.name));
  if (absent) return `CRD ${name} does not serve ${absent.name}`;
  const known = ours.spec.versions.map((one) => one.name);
  const foreign = live.status?.storedVersions?.find((version) => !known.includes(version));
  return foreign && `CRD ${name} has objects stored as ${foreign}, which this CLI does not know`;
}

export const schemas: Check = {
  name: 'schemas',
  async judge(facts) {
    return schemaVerdict(await pairs(facts), await facts.upgrade('crds'));
  },
};

/** Equal by digest. What differs is shown by fields: those that one side alone has say which one is newer. */
export function schemaVerdict(all: readonly Pair[], fix: string): Verdict {
  const there = all.filter((pair): pair is Pair & { live: Crd } => pair.live !== undefined);
  const different = there.filter(({ ours, live }) => digestOf(schemasOf(ours)) !== digestOf(schemasOf(live)));
  const lacking = different.flatMap(({ name, ours, live }) => fieldsBeyond(ours, live).map((at) => `${name} ${at}`));
  const beyond = different.flatMap(({ name, ours, live }) => fieldsBeyond(live, ours).map((at) => `${name} ${at}`));
  const count = `${different.length} of ${there.length} CRDs`;
  if (lacking.length > 0)
    return fail(
      `${count} are ${beyond.length > 0 ? 'of another version' : 'older'} than this CLI, and lack ${listed(lacking, 2)}`,
      fix,
    );
  if (beyond.length > 0)
    return warn(`${count} are newer than this CLI, and have ${listed(beyond, 2)}; use the CLI of their version`);
  const names = different.map(({ name }) => name);
  if (names.length > 0)
    return warn(`${count} have the fields of this CLI, but other bounds or descriptions: ${listed(names)}`, fix);
  if (there.length === 0) return unknown('no CRD of Holdfast is installed');
  return pass(`${there.length} schemas are those of this CLI`);
}

type Schema = Readonly<Record<string, unknown>>;

/** By version. An apiserver leaves out what is empty. */
export function schemasOf(crd: Crd): Readonly<Record<string, unknown>> {
  const versions = crd.spec?.versions ?? [];
  return Object.fromEntries(versions.map(({ name, schema }) => [name, schema?.openAPIV3Schema]));
}

/** Fields that the first has and the second lacks, the outermost alone. */
function fieldsBeyond(one: Crd, other: Crd): string[] {
  const theirs = schemasOf(other);
  return Object.entries(schemasOf(one)).flatMap(([version, schema]) =>
    theirs[version] === undefined ? [version] : missingFields(schema as Schema, theirs[version] as Schema, ''),
  );
}

function missingFields(one: Schema, other: Schema | undefined, path: string): string[] {
  if (canonicalJson(one) === canonicalJson(other)) return [];
  const theirs = (other?.['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  const own = Object.entries((one['properties'] ?? {}) as Readonly<Record<string, Schema>>).flatMap(([name, schema]) =>
    theirs[name] === undefined ? [`${path}.${name}`] : missingFields(schema, theirs[name], `${path}.${name}`),
  );
  const inner = ['items', 'additionalProperties'].flatMap((key) =>
    typeof one[key] === 'object' ? missingFields(one[key] as Schema, other?.[key] as Schema, `${path}[]`) : [],
  );
  return [...own, ...inner];
}
