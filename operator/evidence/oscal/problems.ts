/**
 * What the JSON Schema of OSCAL does not say: UUIDs are unique and of version 4 or 5, references lead somewhere, values are among those that are allowed,
 * targets are statements of the framework. Pure.
 */

const allowed: Readonly<Record<string, readonly string[]>> = {
  lifecycle: ['recommendation', 'planned', 'completed'],
  'target.state': ['satisfied', 'not-satisfied'],
  'target.reason': ['pass', 'fail', 'other'],
  'risk.status': ['open', 'investigating', 'remediating', 'deviation-requested', 'deviation-approved', 'closed'],
  methods: ['EXAMINE', 'INTERVIEW', 'TEST', 'UNKNOWN'],
  'log.type': [
    'vendor-check-in',
    'status-update',
    'milestone-complete',
    'mitigation',
    'remediated',
    'closed',
    'dr-submission',
    'dr-updated',
    'dr-approved',
    'dr-rejected',
  ],
  'remediation.type': ['avoid', 'mitigate', 'transfer', 'accept', 'share', 'contingency', 'none'],
};

type Json = Readonly<Record<string, unknown>>;

/** One sentence for each; empty for a sound document. `statements` are the ids of the framework that targets may have. */
export function problemsOf(document: object, statements: ReadonlySet<string>): readonly string[] {
  const problems: string[] = [];
  const defined = new Set<string>();
  const used: { path: string; uuid: string }[] = [];
  walk(document, '', (path, name, value, parent) => {
    const note = (text: string): void => void problems.push(`${path}: ${text}`);
    const check = (what: string): void => {
      if (!allowed[what]!.includes(String(value))) note(`${String(value)} is not allowed`);
    };
    if (Array.isArray(value) && !value.length) note('a list is empty');
    if (name === 'uuid') {
      const uuid = String(value);
      if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(uuid))
        note('it is not a UUID of version 4 or 5');
      if (defined.has(uuid)) note(`${uuid} is there twice`);
      defined.add(uuid);
    } else if (name.endsWith('-uuid')) used.push({ path, uuid: String(value) });
    else if (name === 'href' && String(value).startsWith('#')) used.push({ path, uuid: String(value).slice(1) });
    else if (name === 'target-id' && !statements.has(String(value)))
      note(`${String(value)} is not a statement of the framework`);
    else if (name === 'state' && path.includes('/target/')) check('target.state');
    else if (name === 'reason' && path.includes('/target/')) check('target.reason');
    else if (name === 'status' && /\/risks\/\d+\/status$/.test(path)) check('risk.status');
    else if (name === 'lifecycle') check('lifecycle');
    else if (/\/methods\/\d+$/.test(path)) check('methods');
    else if (name === 'value' && parent['name'] === 'type')
      check(path.includes('/risk-log/') ? 'log.type' : 'remediation.type');
  });
  const lost = used.filter(({ uuid }) => !defined.has(uuid));
  return [...problems, ...lost.map(({ path, uuid }) => `${path}: ${uuid} does not exist in the document`)];
}

type Visit = (path: string, name: string, value: unknown, parent: Json) => void;

function walk(value: unknown, path: string, visit: Visit): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    visit(`${path}/${name}`, name, member, value as Json);
    walk(member, `${path}/${name}`, visit);
  }
}
