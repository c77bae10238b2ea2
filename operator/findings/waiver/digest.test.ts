import { expect, test } from '@jest/globals';
import type { PolicyWaiverSpec } from '../../api/v1alpha1/policyWaiver.ts';
import { makeWaiver } from '../../../test/builders/waiver.ts';
import { waiverDigest } from './digest.ts';

const plan = {
  tasks: [
    { name: 'replace', owner: 'web' },
    { name: 'verify', owner: 'sec', done: true },
  ],
};
const digest = (spec: Partial<PolicyWaiverSpec> = {}): string =>
  waiverDigest(makeWaiver({ checks: ['motd', 'umask'], closurePlan: plan, ...spec }).spec);

test.each<[string, Partial<PolicyWaiverSpec>]>([
  ['a task that is done', { closurePlan: { tasks: [{ name: 'replace', owner: 'web', done: true }, plan.tasks[1]!] } }],
  [
    'a task that says it is not',
    { closurePlan: { tasks: [{ name: 'replace', owner: 'web', done: false }, plan.tasks[1]!] } },
  ],
  ['the order of checks', { checks: ['umask', 'motd'] }],
  ['the order of tasks', { closurePlan: { tasks: plan.tasks.toReversed() } }],
])('%s is no other version', (_, spec) => {
  expect(digest(spec)).toBe(digest());
});

test.each<[string, Partial<PolicyWaiverSpec>]>([
  ['a check', { checks: ['motd'] }],
  ['a target', { targets: { names: ['web-01', 'web-02'] } }],
  ['the expiry', { expiryTime: '2099-01-01T00:00:00Z' }],
  ['the reason', { reason: 'another' }],
  ['who asked', { requestedBy: 'mallory' }],
  ['an emergency', { breakGlass: { reason: 'outage' } }],
  ['the owner of a task', { closurePlan: { tasks: [{ name: 'replace', owner: 'db' }, plan.tasks[1]!] } }],
  [
    'the time of a task',
    { closurePlan: { tasks: [{ name: 'replace', owner: 'web', dueTime: '2099-01-01T00:00:00Z' }, plan.tasks[1]!] } },
  ],
  ['no plan', { closurePlan: undefined }],
])('%s is another version', (_, spec) => {
  expect(digest(spec)).not.toBe(digest());
});
