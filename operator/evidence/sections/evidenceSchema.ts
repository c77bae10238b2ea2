/** The schema of the section Evidence. Pure. */
import { severities } from '../../findings/severity.ts';
import { count, list, object, oneOf, sectionSchema, text, time, truth, type JsonSchema } from './schema.ts';

const named = (what: string): JsonSchema => object(what, { kind: text('Its kind.'), name: text('Its name.') });

const finding = {
  check: text('The check of the baseline.'),
  controls: list('Controls of frameworks that the check supports, as they are written there.', text('A control.')),
  'expected?': text('What was declared.'),
  'found?': text('What was found instead. What the product conceals is concealed here too.'),
  'message?': text('Details.'),
  'path?': text('Which property differs.'),
  result: oneOf('The result of the check.', ['Fail', 'Unknown', 'NotApplicable']),
  severity: oneOf('How much it matters.', severities),
  'since?': time('When it was first seen.'),
  'manual?': truth('Whether only a person can correct it.'),
  'object?': object('The cluster object that differs.', {
    apiVersion: text('Its group and version.'),
    kind: text('Its kind.'),
    'namespace?': text('Its namespace.'),
    'name?': text('Its name.'),
  }),
  'manager?': object('Who last wrote the field that differs.', {
    name: text('The field manager.'),
    'time?': time('When it last wrote any of its fields.'),
  }),
};

const facts: JsonSchema = {
  type: 'object',
  description:
    'What else was decided: the hosts of a run, the approvals of a waiver, the step and verdict of a rollout.',
};

const entry = {
  sequence: count('The number of the entry in the journal, from 1 without a gap.'),
  time: time('When it was decided.'),
  event: text('What happened, such as `RunCompleted`.'),
  object: object('The object whose pass decided it.', {
    kind: text('Its kind.'),
    'namespace?': text('Its namespace.'),
    name: text('Its name.'),
    'uid?': text('Its uid.'),
  }),
  'condition?': object('The condition that was decided.', {
    type: text('Its type.'),
    status: oneOf('Whether it is true.', ['True', 'False', 'Unknown']),
    reason: text('Why, as one word.'),
    message: text('Why, in a sentence.'),
  }),
  'was?': object('The condition before.', {
    status: oneOf('Whether it was true.', ['True', 'False', 'Unknown']),
    reason: text('Why, as one word.'),
  }),
  'facts?': facts,
};

const opened = object(
  'Findings that fail and were opened, by severity.',
  Object.fromEntries(severities.map((severity) => [severity, count(`Those of severity ${severity}.`)])),
);

const waiver = object('A waiver that is in force.', {
  name: text('Its name.'),
  'uid?': text('Its uid.'),
  source: named('The baseline that is deviated from.'),
  checks: list('The checks that may fail.', text('Name of a check, or `*` for all in an emergency.')),
  targets: object('Where they may fail.', {
    'names?': list('Names of Devices or of objects.', text('A name.')),
    'namespaces?': list('Namespaces of objects.', text('A namespace.')),
    'selector?': { type: 'object', description: 'Selects Devices by their labels, as in Kubernetes.' },
  }),
  reason: text('Why the deviation is needed.'),
  'risk?': text('What could happen.'),
  'ticket?': text('The ticket in which it is tracked.'),
  compensatingControls: list('What reduces the risk meanwhile.', text('One of them.')),
  requestedBy: text('Who requested it.'),
  isBreakGlass: truth('Whether it is an emergency.'),
  'digest?': text('Digest of what was approved.'),
  'requestTime?': time('When it was requested.'),
  'approvedTime?': time('When it was approved.'),
  until: time('When it ends, if nothing happens before.'),
  approvals: list(
    'The decisions that count.',
    object('A decision.', {
      name: text('The Approval.'),
      approver: text('Who decided.'),
      'role?': text('In which role.'),
      decision: oneOf('What was decided.', ['Approve', 'Reject', 'RequestInformation']),
      time: time('When.'),
    }),
  ),
  tasks: list(
    'The closure plan.',
    object('A task.', {
      name: text('Its name.'),
      owner: text('Who does it.'),
      'dueTime?': time('By when.'),
      isDone: truth('Whether it is done.'),
    }),
  ),
});

export const evidenceSchema = sectionSchema(
  {
    name: 'Evidence',
    description:
      'What is open when the pack is made, and what was decided in its period. `findings` and `waivers` are read from the cluster; all other lists are from the journal of the operator.',
  },
  {
    accesses: list(
      'Who read or exported evidence, kept it from deletion or deleted it, and which packs were stored, in order.',
      object('An access.', { ...entry, 'actor?': text('Who.') }),
    ),
    approvals: list('What was decided about waivers and steps of rollouts, in order.', object('A decision.', entry)),
    changes: list(
      'What became of findings in the period, in order.',
      object('A change.', {
        sequence: entry.sequence,
        time: entry.time,
        event: oneOf('What happened.', [
          'FindingOpened',
          'FindingChanged',
          'FindingClosed',
          'FindingWaived',
          'FindingUnwaived',
        ]),
        'source?': object('The baseline.', {
          kind: text('Its kind.'),
          name: text('Its name.'),
          'revision?': text('Digest of its checks.'),
        }),
        'target?': named('Where it is.'),
        finding: object(
          'The finding; when it is closed, without the values, which are in the change with the same fingerprint.',
          {
            ...finding,
            'waiver?': text('The waiver that covers it.'),
          },
        ),
        'fingerprint?': text('Digest of check, place, expected and found value.'),
        'because?': text(
          'Why it was closed: `NoLongerFound` where it was evaluated again and not found; otherwise nothing says that the target complies: `RevisionChanged`, `NotListed`, `NotEvaluated`, `Unknown`, `NotApplicable`.',
        ),
        'complies?': truth('Whether what was declared is found since.'),
      }),
    ),
    corrections: list(
      'What Holdfast changed in the period, in order: checks on hosts, and writes to objects of the cluster.',
      object('A correction.', {
        sequence: entry.sequence,
        time: time('When it was complete; of a write, when it began.'),
        object: entry.object,
        'device?': text('The Device.'),
        'check?': text('The check.'),
        'outcome?': text(
          'What the host showed afterwards: `Verified` complies, everything else does not or is not known.',
        ),
        'before?': text('What was there before, where it is recorded.'),
        'message?': text('Why it failed.'),
        'write?': text('The write, the object and the service account whose rights it was made with.'),
      }),
    ),
    findings: list(
      'All that did not pass when the pack was made, by baseline and target.',
      object('A finding.', {
        ...finding,
        'waiver?': text('The waiver that covers it now.'),
        source: named('The baseline.'),
        target: named('Where it is.'),
        state: oneOf(
          'How current that is: `Stale` is about other checks, or is not evaluated now; `Unreachable` and `Unknown` were found earlier.',
          ['Seen', 'Stale', 'Unreachable', 'Unknown'],
        ),
      }),
    ),
    runs: list('AnsibleRuns that started or were completed, in order.', object('A run.', entry)),
    trend: list(
      'What changed day by day (UTC), counted from the journal.',
      object('A day.', {
        day: { type: 'string', format: 'date', description: 'The day.' },
        opened,
        closed: count('Findings that failed and were closed.'),
        waived: count('Findings that became waived.'),
        unwaived: count('Findings whose waiver ended.'),
        runsStarted: count('AnsibleRuns that started.'),
        runsCompleted: count('AnsibleRuns that were completed.'),
        runsSucceeded: count('Those that succeeded.'),
      }),
    ),
    waivers: list('Waivers in force when the pack was made, by name.', waiver),
  },
);
