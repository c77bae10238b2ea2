/**
 * OSCAL assessment results of a pack: an observation a check, a finding a control, a risk a waiver. A control that is waived, or was not
 * evaluated, is not satisfied. Pure.
 */
import { counted } from '../../lib/text.ts';
import { compact, controlToken, idOf, line, property, type OscalInput } from './input.ts';
import {
  backMatter,
  checksOf,
  controlsOf,
  finding,
  frameworksOf,
  metadata,
  observation,
  titleOf,
  tool,
} from './parts.ts';
import { risk, waiversOf } from './risk.ts';

/** Undefined where the pack has no control of the frameworks: OSCAL has no empty results. */
export function assessmentResults(input: OscalInput): object | undefined {
  const { policy } = input;
  const controls = controlsOf(input);
  if (!controls.length) return undefined;
  const frameworks = frameworksOf(input);
  const ids = frameworks.map(({ id }) => id);
  const plan = idOf(input, 'plan');
  const title = titleOf(frameworks);
  const missing = policy.missing.length;
  return {
    'assessment-results': {
      uuid: idOf(input, 'assessment-results', ...ids, input.pack.name, input.pack.sequence),
      metadata: metadata(input, `Assessment results: ${title}`),
      'import-ap': { href: `#${plan}` },
      results: [
        compact({
          uuid: idOf(input, 'result', ...ids, input.pack.name, input.pack.sequence),
          title,
          description: `State of namespace ${policy.namespace} at ${policy.time}, as its baselines declare it.${missing ? ` It is partial: ${counted(missing, 'thing')} ${missing === 1 ? 'is' : 'are'} missing, which the section Policy lists.` : ''}`,
          start: policy.period.start,
          end: policy.time,
          'local-definitions': {
            'assessment-assets': {
              components: [tool(input)],
              'assessment-platforms': [{ uuid: idOf(input, 'platform'), title: 'The cluster that Holdfast runs in' }],
            },
          },
          'reviewed-controls': {
            'control-selections': frameworks.flatMap(({ id, title: name, version }) => {
              const own = controls.filter(({ framework }) => framework === id);
              if (!own.length) return [];
              return {
                description: line(`${name} ${version}`),
                props: [property('framework', id)],
                'include-controls': own.map(({ control }) => ({ 'control-id': controlToken(id, control) })),
              };
            }),
          },
          observations: checksOf(input).map((check) => observation(input, check)),
          risks: waiversOf(input).map((waiver) => risk(input, waiver)),
          findings: controls.map((control) => finding(input, control)),
        }),
      ],
      'back-matter': backMatter(input, {
        uuid: plan,
        title: 'No assessment plan',
        description:
          'What is evaluated is declared by the baselines in the cluster; there is no assessment plan in OSCAL.',
      }),
    },
  };
}
