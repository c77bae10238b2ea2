/** What a pack may contain although a rule finds it: places that its spec names, by rule and path. Pure. */
import { matchesPattern, parsePattern, type Segment } from './jsonPath.ts';

/** As it is declared. */
export interface GateException {
  /** Such as `email`. */
  readonly rule: string;
  /** Such as `$.approvals[*].approver`. */
  readonly path: string;
}

export interface Allowed {
  readonly rule: string;
  readonly pattern: readonly (Segment | undefined)[];
}

/** Those that can be understood, and a sentence for each that cannot: that one allows nothing. */
export function allowedBy(
  exceptions: readonly GateException[],
  rules: ReadonlySet<string>,
): { allow: readonly Allowed[]; faults: readonly string[] } {
  const allow: Allowed[] = [];
  const faults: string[] = [];
  exceptions.forEach(({ rule, path }, index) => {
    const pattern = parsePattern(path);
    const where = `spec.gate.allow[${index}]`;
    if (!rules.has(rule))
      faults.push(`\`${where}.rule\` is none of the rules; use one of: ${[...rules].sort().join(', ')}`);
    else if (!pattern) faults.push(`\`${where}.path\` is not a path; write it as \`$.findings[*].found\``);
    else if (!pattern.some((segment) => segment !== undefined))
      faults.push(`\`${where}.path\` allows everything; name the field, as in \`$.findings[*].found\``);
    else allow.push({ rule, pattern });
  });
  return { allow, faults };
}

export function isAllowed(allow: readonly Allowed[], rule: string, path: readonly Segment[]): boolean {
  return allow.some((one) => one.rule === rule && matchesPattern(one.pattern, path));
}
