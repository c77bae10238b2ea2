import { expect, test } from '@jest/globals';
import { compliance, type ComplianceCounts, type ComplianceWords } from './compliance.ts';

const nothing = { status: 'Unknown', reason: 'NoHosts', message: 'no host is selected' } as const;
const words: ComplianceWords = { noun: 'host', drifted: 'web-01', unknown: 'web-02', see: 'the reports', nothing };
const none: ComplianceCounts = { total: 4, drifted: 0, waived: 0, unknown: 0 };

test.each<[string, Partial<ComplianceCounts>, Partial<ComplianceWords>, object]>([
  ['nothing was counted', { total: 0 }, {}, nothing],
  [
    'something drifts, which comes before what is not known',
    { drifted: 1, unknown: 2, waived: 1 },
    {},
    {
      status: 'False',
      reason: 'Drifted',
      message: '1 of 4 hosts drifted: web-01; 2 hosts unknown: web-02; see the reports',
      warns: true,
    },
  ],
  [
    'something is not known, which is no pass',
    { unknown: 1, waived: 3 },
    {},
    { status: 'Unknown', reason: 'ResultsIncomplete', message: '1 host unknown: web-02; see the reports', warns: true },
  ],
  ['nobody has looked yet', { unknown: 4 }, { isPending: true }, { status: 'Unknown', warns: false }],
  [
    'nothing applies',
    { notApplicable: 4 },
    {},
    { status: 'Unknown', reason: 'NothingApplicable', message: 'no check applies to any of 4 hosts; see the reports' },
  ],
  [
    'something is waived',
    { waived: 1, notApplicable: 1 },
    {},
    { status: 'True', reason: 'CompliantByWaiver', message: '3 hosts comply, 1 by waiver, 1 not applicable' },
  ],
  [
    'everything complies',
    {},
    { noun: 'check', note: 'of rhel9' },
    { status: 'True', reason: 'Compliant', message: '4 checks pass (of rhel9)' },
  ],
])('%s', (_, counts, more, expected) => {
  expect(compliance({ ...none, ...counts }, { ...words, ...more })).toMatchObject(expected);
});
