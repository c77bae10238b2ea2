/** How long evidence is kept, and why: classes as data. A chain is as long as its class says, in calendar years. Pure. */

export type RetentionClass = 'Telemetry' | 'Risk' | 'Events' | 'Incidents' | 'Audit';

export interface RetentionPeriod {
  readonly days?: number;
  readonly years?: number;
  /** The rules that ask for it, for those who are asked. It is advice of ours which of them applies to whom. */
  readonly basis: string;
}

export const retentionClasses: Readonly<Record<RetentionClass, RetentionPeriod>> = {
  Telemetry: {
    days: 90,
    basis:
      'PCI DSS v4.0.1 10.5.1 (the last three months immediately available); GDPR Art. 5(1)(e) (no longer than needed)',
  },
  Risk: { days: 180, basis: 'Regulation (EU) 2024/1689 Art. 19(1) and 26(6) (logs for at least six months)' },
  Events: { years: 1, basis: 'PCI DSS v4.0.1 10.5.1 (at least 12 months); NIST SP 800-53 Rev. 5 AU-11' },
  Incidents: {
    years: 7,
    basis: '17 CFR 210.2-06(a) (seven years); NIST SP 800-53 Rev. 5 AU-11 (as the organization decides)',
  },
  Audit: { years: 7, basis: '17 CFR 210.2-06(a) (seven years), by section 802 of the Sarbanes-Oxley Act' },
};

export function isRetentionClass(name: string): name is RetentionClass {
  return Object.hasOwn(retentionClasses, name);
}

/**
 * The first instant at which it may be deleted. A year ends on the same day of the same month, at the same time; what begins on 29 February
 * is kept until the end of 28 February where there is no such day. So nothing is kept shorter than what began before it.
 */
export function retainUntil(since: Date, name: RetentionClass): Date {
  const { days = 0, years = 0 } = retentionClasses[name];
  const until = new Date(since);
  until.setUTCFullYear(until.getUTCFullYear() + years);
  if (until.getUTCMonth() !== since.getUTCMonth()) until.setUTCHours(0, 0, 0, 0);
  until.setUTCDate(until.getUTCDate() + days);
  return until;
}

/** What an object of a store is, by its key. */
export type ObjectRole =
  | { readonly is: 'Segment'; readonly number: number }
  | { readonly is: 'Pack'; readonly pack: string; readonly number: number; readonly commits: boolean }
  /** Never deleted: the store, its keys, records of what was deleted, and what is not known. */
  | { readonly is: 'Store' | 'Key' | 'Disposition' | 'Unknown' };

const roles: readonly (readonly [RegExp, (match: RegExpExecArray) => ObjectRole])[] = [
  [/^store\.json$/, () => ({ is: 'Store' })],
  [/^keys\/[^/]+$/, () => ({ is: 'Key' })],
  [/^(?:journal|packs\/[^/]+)\/disposition-\d+\.sigstore\.json$/, () => ({ is: 'Disposition' })],
  [/^journal\/(\d{12})\.ndjson$/, ([, number]) => ({ is: 'Segment', number: Number(number) })],
  [
    /^packs\/([^/]+)\/(\d{8})(\.(?:[a-z0-9-]+\.)?sigstore\.json|-[0-9a-f]{12}\/[^/]+)$/,
    ([, pack = '', number, rest = '']) => ({ is: 'Pack', pack, number: Number(number), commits: rest.startsWith('.') }),
  ],
];

export function roleOf(key: string): ObjectRole {
  for (const [pattern, role] of roles) {
    const match = pattern.exec(key);
    if (match) return role(match);
  }
  return { is: 'Unknown' };
}
