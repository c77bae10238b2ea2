/** What a page shows of a pack's files. They are signed, but read with care all the same: what is not as expected is not shown. Pure. */

export interface ControlView {
  readonly framework: string;
  readonly control: string;
  readonly title: string;
  readonly state: string;
  readonly reason: string;
  readonly checks: readonly string[];
  readonly waivers: readonly string[];
  readonly fail: number;
  readonly unknown: number;
  readonly waived: number;
}

export interface FrameworkView {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly counts: Readonly<Record<'total' | 'satisfied' | 'notSatisfied' | 'waived' | 'notEvaluated', number>>;
}

export interface PolicyView {
  readonly frameworks: readonly FrameworkView[];
  readonly controls: readonly ControlView[];
  readonly hosts?: Readonly<Record<'selected' | 'seen' | 'stale' | 'unreachable' | 'unknown', number>>;
}

export interface WaiverView {
  readonly name: string;
  readonly checks: readonly string[];
  readonly reason: string;
  readonly requestedBy: string;
  readonly approvers: readonly string[];
  readonly until: string;
}

export interface EvidenceView {
  readonly waivers: readonly WaiverView[];
  /** Open findings by severity. */
  readonly findings: ReadonlyMap<string, number>;
}

type Fields = Readonly<Record<string, unknown>>;

/** Of the frameworks that are asked for; of all when there are none. Undefined where it is no such document. */
export function policyView(document: unknown, frameworks: readonly string[]): PolicyView | undefined {
  const { section, controls, frameworks: all, coverage } = fields(document);
  if (section !== 'Policy') return undefined;
  const isWanted = (id: string): boolean => frameworks.length === 0 || frameworks.includes(id);
  const hosts = fields(fields(coverage)['hosts']);
  return {
    frameworks: list(all)
      .map(frameworkView)
      .filter(({ id }) => isWanted(id)),
    controls: list(controls)
      .map(controlView)
      .filter(({ framework }) => isWanted(framework)),
    ...(Object.keys(hosts).length > 0 && {
      hosts: counts(hosts, ['selected', 'seen', 'stale', 'unreachable', 'unknown']),
    }),
  };
}

function frameworkView(framework: Fields): FrameworkView {
  const { id, title, version, controls } = framework;
  const names = ['total', 'satisfied', 'notSatisfied', 'waived', 'notEvaluated'] as const;
  return { id: text(id), title: text(title), version: text(version), counts: counts(fields(controls), names) };
}

function controlView(control: Fields): ControlView {
  const { fail, unknown, waived } = counts(fields(control['targets']), ['fail', 'unknown', 'waived']);
  return {
    framework: text(control['framework']),
    control: text(control['control']),
    title: text(control['title']),
    state: text(control['state']),
    reason: text(control['reason']),
    checks: list(control['checks']).map(({ source, check }) => `${text(fields(source)['name'])}/${text(check)}`),
    waivers: texts(control['waivers']),
    fail,
    unknown,
    waived,
  };
}

export function evidenceView(document: unknown): EvidenceView | undefined {
  const { section, waivers, findings } = fields(document);
  if (section !== 'Evidence') return undefined;
  const bySeverity = new Map<string, number>();
  for (const finding of list(findings)) {
    const severity = text(finding['severity']);
    bySeverity.set(severity, (bySeverity.get(severity) ?? 0) + 1);
  }
  return { waivers: list(waivers).map(waiverView), findings: bySeverity };
}

function waiverView(waiver: Fields): WaiverView {
  return {
    name: text(waiver['name']),
    checks: texts(waiver['checks']),
    reason: text(waiver['reason']),
    requestedBy: text(waiver['requestedBy']),
    approvers: list(waiver['approvals'])
      .filter(({ decision }) => decision === 'Approve')
      .map(({ approver }) => text(approver)),
    until: text(waiver['until']),
  };
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function counts<const Name extends string>(of: Fields, names: readonly Name[]): Record<Name, number> {
  const entries = names.map((name) => [name, Number.isSafeInteger(of[name]) ? (of[name] as number) : 0]);
  return Object.fromEntries(entries) as Record<Name, number>;
}
