/** The schema of the section Policy. Pure. */
import { severities } from '../../findings/severity.ts';
import { count, list, object, oneOf, sectionSchema, text, truth } from './schema.ts';

const source = object('The baseline.', { kind: text('Its kind.'), name: text('Its name.') });
const states = ['Satisfied', 'NotSatisfied', 'Waived', 'NotEvaluated'];

const targets = (of: string) =>
  object(`Results of ${of} over its targets: Devices, and for a ClusterBaseline the cluster and its namespaces.`, {
    pass: count('Passes.'),
    fail: count('Fails.'),
    waived: count('Fails, with a waiver.'),
    unknown: count('The result is unknown, or not about the check as it is declared now.'),
    notApplicable: count('Does not apply.'),
  });

export const policySchema = sectionSchema(
  {
    name: 'Policy',
    description:
      'Control by control, what the checks say that support it. `Satisfied` says that these checks pass, not that the control is implemented in full.',
  },
  {
    checks: list(
      'Every check, by baseline.',
      object('A check.', {
        source,
        check: text('Its name.'),
        severity: oneOf('How much it matters.', severities),
        controls: list('The controls that it supports, as they are written.', text('A control.')),
        targets: targets('the check'),
        waivers: list('The waivers that cover its failures.', text('A PolicyWaiver.')),
      }),
    ),
    controls: list(
      'Every control of every framework.',
      object('A control.', {
        framework: text('The framework.'),
        control: text('The id of the control.'),
        title: text('Its title.'),
        state: oneOf(
          '`Satisfied` if every check that supports it passes on every target, by a current result, and there is at least one. `NotSatisfied` if one fails, `Waived` if all that fail are waived: a waived control is not satisfied. `NotEvaluated` otherwise.',
          states,
        ),
        isSatisfied: truth('Whether it is `Satisfied`; false for a waived control.'),
        'reason?': text('Why it is not evaluated.'),
        checks: list('The checks that support it.', object('A check.', { source, check: text('Its name.') })),
        targets: targets('its checks'),
        waivers: list('The waivers that cover failures of its checks.', text('A PolicyWaiver.')),
        'mapsTo?': list(
          'The controls that it is derived from: it is satisfied only if all of them are.',
          object('A control.', { control: text('Framework and id.'), state: oneOf('Its state.', states) }),
        ),
      }),
    ),
    coverage: object('What is known of the targets.', {
      hosts: object('Devices that a baseline selects.', {
        selected: count('All of them.'),
        seen: count('Evaluated against all of their checks as they are declared now.'),
        stale: count('Evaluated against other checks, or not evaluated now.'),
        unreachable: count('They do not respond.'),
        unknown: count('Nothing is known of them.'),
      }),
      notSeen: list(
        'Targets that are not seen.',
        object('A target.', {
          kind: text('Its kind.'),
          name: text('Its name.'),
          state: oneOf('What it is instead.', ['Stale', 'Unreachable', 'Unknown']),
          'reason?': text('Why.'),
        }),
      ),
    }),
    frameworks: list(
      'The frameworks.',
      object('A framework.', {
        id: text('Its id.'),
        title: text('Its title.'),
        version: text('Its version.'),
        controls: object('Its controls, counted.', {
          total: count('All of them.'),
          satisfied: count('Satisfied.'),
          notSatisfied: count('Not satisfied.'),
          waived: count('Waived, which is not satisfied.'),
          notEvaluated: count('Not evaluated.'),
        }),
      }),
    ),
    unknownControls: list(
      'What checks name that is not a control of any framework.',
      object('A name.', {
        text: text('As it is written.'),
        reason: text('Why it is unknown.'),
        source,
        check: text('The check.'),
      }),
    ),
  },
);
