/** A Policy as pieces of baselines. Pure. Every field of its spec is translated, or named in a note. */
import { translateConfigurationPolicy, type Around, type Piece, type Translation } from './configurationPolicy.ts';
import { asList, asObject, asText, at, saidMembers, type Json } from './json.ts';
import { note, refusedRow, translatedRow, type Note, type Row } from './report.ts';

export const policyGroup = 'policy.open-cluster-management.io';

export function translatePolicy(policy: Json, around: Omit<Around, 'action'>): Translation {
  const label = around.policy;
  const spec = asObject(policy['spec']);
  const templates = asList(spec?.['policy-templates']);
  if (!spec || !templates?.length) {
    const reason = note('NoObjects', 'it has no policy-templates; add some, or remove it');
    return { rows: [refusedRow(label, 'Policy', reason)], pieces: [] };
  }
  const conditional = conditionIn(spec['dependencies']);
  if (conditional) return { rows: [refusedRow(label, 'Policy', conditional)], pieces: [] };
  const rows: Row[] = [];
  const pieces: Piece[] = [];
  const settings = policyNotes(spec);
  templates.forEach((template, index) => {
    const own = { ...around, action: spec['remediationAction'], notes: settings };
    const translation = translateTemplate(template, index, own);
    rows.push(...translation.rows);
    pieces.push(...translation.pieces);
  });
  const notes = pieces.length ? settings : [];
  return { rows: notes.length ? [translatedRow(label, 'Policy (settings)', notes), ...rows] : rows, pieces };
}

function translateTemplate(template: unknown, index: number, around: Around): Translation {
  const definition = asObject(at(template, 'objectDefinition'));
  if (!definition) {
    const reason = note('Malformed', 'it has no objectDefinition; add one');
    return { rows: [refusedRow(around.policy, `policy-templates[${index}]`, reason)], pieces: [] };
  }
  const kind = asText(definition['kind']) ?? 'object';
  const name = asText(at(definition, 'metadata', 'name')) ?? '';
  const reason = otherKind(definition) ?? conditionIn(at(template, 'extraDependencies'));
  if (reason) return { rows: [refusedRow(around.policy, `${kind} ${name}`.trim(), reason)], pieces: [] };
  const settings = templateNotes(asObject(template) ?? {});
  const translation = translateConfigurationPolicy(definition, {
    ...around,
    notes: [...(around.notes ?? []), ...settings],
  });
  const notes = translation.pieces.length ? settings : [];
  const row = translatedRow(around.policy, `${name} (template)`, notes);
  return { rows: notes.length ? [row, ...translation.rows] : translation.rows, pieces: translation.pieces };
}

const reasons: Readonly<Record<string, string>> = {
  CertificatePolicy: 'it checks when certificates expire, which an object template cannot express; keep it',
  IamPolicy: 'it counts the users of a role, which an object template cannot express; keep it, or write a check in CEL',
  OperatorPolicy:
    'an object template cannot express versions and approvals of OLM; write its Namespace, OperatorGroup and Subscription as objects',
};

/** Why a policy of that kind cannot be translated; `undefined` for a ConfigurationPolicy. */
export function otherKind(definition: Json): Note | undefined {
  const kind = asText(definition['kind']) ?? '';
  const group = (asText(definition['apiVersion']) ?? '').split('/')[0] ?? '';
  if (group === policyGroup && kind === 'ConfigurationPolicy') return undefined;
  if (group === policyGroup && Object.hasOwn(reasons, kind)) return note('OtherKind', `${kind}: ${reasons[kind]}`);
  const engine = group.endsWith('gatekeeper.sh') ? 'Gatekeeper' : group.endsWith('kyverno.io') ? 'Kyverno' : undefined;
  if (engine) return note('OtherKind', `${kind}: it is evaluated by ${engine}; apply it as it is`);
  return note('OtherKind', `${kind || 'it'}: it is not a ConfigurationPolicy; apply it as it is`);
}

/** A dependency that must not be compliant is a condition, not an order. */
function conditionIn(dependencies: unknown): Note | undefined {
  const found = asList(dependencies)?.find((one) => at(one, 'compliance') !== 'Compliant');
  if (found === undefined) return undefined;
  const text = `it applies only while ${dependencyName(found)} is ${String(at(found, 'compliance'))}; a baseline always applies`;
  return note('Conditional', text);
}

function policyNotes(spec: Json): Note[] {
  return Object.entries(saidMembers(spec)).flatMap(([key, value]) => {
    switch (key) {
      case 'policy-templates':
      case 'disabled':
      case 'remediationAction':
        return [];
      case 'dependencies':
        return dependencyNotes(value);
      case 'copyPolicyMetadata':
      case 'hubTemplateOptions':
        return [note('Propagation', `${key} controls the propagation from the hub to clusters; left out`)];
      default:
        return [note('UnknownField', `${key} is not a field of Policy; left out`)];
    }
  });
}

function templateNotes(template: Json): Note[] {
  return Object.entries(saidMembers(template)).flatMap(([key, value]) => {
    switch (key) {
      case 'objectDefinition':
        return [];
      case 'extraDependencies':
        return dependencyNotes(value);
      case 'ignorePending':
        return [note('Propagation', 'ignorePending: a baseline is never pending; left out')];
      default:
        return [note('UnknownField', `${key} is not a field of policy-templates; left out`)];
    }
  });
}

function dependencyNotes(dependencies: unknown): Note[] {
  const names = (asList(dependencies) ?? []).map(dependencyName);
  if (names.length === 0) return [];
  return [
    note(
      'Dependencies',
      `it waits until ${names.join(', ')} is compliant; a baseline does not wait, but retries what the apiserver refuses`,
    ),
  ];
}

function dependencyName(dependency: unknown): string {
  const [kind, name] = [at(dependency, 'kind'), at(dependency, 'name')].map((part) => asText(part) ?? '');
  return `${kind} ${name}`.trim() || 'another policy';
}
