/** Parts that assessment results and plans of action have in common. Pure. */
import { counted } from '../../lib/text.ts';
import type { ContentCheck, ContentControl, PolicyContent } from '../sections/contents.ts';
import {
  checkId,
  compact,
  fileId,
  idOf,
  line,
  oscalVersion,
  partyId,
  plain,
  property,
  statementId,
  waivedProperty,
  waiverId,
  type OscalInput,
} from './input.ts';

export function metadata(input: OscalInput, title: string): object {
  const { policy, pack, waivers, version } = input;
  const people = new Set(waivers.flatMap(({ requestedBy, approvals }) => [requestedBy, ...approvals.map(approverOf)]));
  return {
    title,
    'last-modified': policy.time,
    version: `${pack.name}/${pack.sequence}`,
    'oscal-version': oscalVersion,
    props: [property('collector', `Holdfast ${version}`), property('namespace', policy.namespace)],
    parties: [
      { uuid: partyId(input, ''), type: 'organization', name: 'Holdfast' },
      ...[...people].sort().map((name) => ({ uuid: partyId(input, name), type: 'person', name: line(name) })),
    ],
  };
}

function approverOf({ approver }: { readonly approver: string }): string {
  return approver;
}

/** The operator, which every observation is from. */
export function tool(input: OscalInput): object {
  return {
    uuid: toolId(input),
    type: 'software',
    title: `Holdfast ${input.version}`,
    description: 'Evaluates baselines of hosts and of the cluster.',
    status: { state: 'operational' },
  };
}

function toolId(input: OscalInput): string {
  return idOf(input, 'tool');
}

export function origins(input: OscalInput): object[] {
  return [{ actors: [{ type: 'tool', 'actor-uuid': toolId(input) }] }];
}

/** Frameworks that the document is about and the pack knows. */
export function frameworksOf({ policy, frameworks }: OscalInput): PolicyContent['frameworks'] {
  return policy.frameworks.filter(({ id }) => frameworks.includes(id));
}

/** For a title: with one framework, which one; several have titles of their own where their controls are. */
export function titleOf(frameworks: PolicyContent['frameworks']): string {
  return frameworks.length === 1
    ? line(`${frameworks[0]!.title} ${frameworks[0]!.version}`)
    : counted(frameworks.length, 'framework');
}

/** Controls of the frameworks that the document is about. */
export function controlsOf(input: OscalInput): readonly ContentControl[] {
  const ids = new Set(frameworksOf(input).map(({ id }) => id));
  return input.policy.controls.filter(({ framework }) => ids.has(framework));
}

/** Checks that support a control of these frameworks, in the order of the section. */
export function checksOf(input: OscalInput): readonly ContentCheck[] {
  const ids = new Set(controlsOf(input).flatMap(({ checks }) => checks.map((check) => checkId(input, check))));
  return input.policy.checks.filter((check) => ids.has(checkId(input, check)));
}

export function observation(input: OscalInput, check: ContentCheck): object {
  const { pass, fail, waived, unknown, notApplicable } = check.targets;
  const until = input.waivers.filter(({ name }) => check.waivers.includes(name)).map((waiver) => waiver.until);
  return compact({
    uuid: checkId(input, check),
    title: `${check.check} of ${check.source.kind} ${check.source.name}`,
    description: `Of its targets, ${pass} pass, ${fail} fail, ${waived} fail with a waiver, ${unknown} are unknown, and to ${notApplicable} it does not apply.`,
    props: [
      property('severity', check.severity),
      ...Object.entries(check.targets).map(([name, value]) => property(name, String(value))),
      ...(check.waivers.length ? [waivedProperty] : []),
    ],
    methods: ['TEST'],
    types: ['finding'],
    origins: origins(input),
    'relevant-evidence': input.files.map((file) => ({
      href: `#${fileId(input, file)}`,
      description: `${file.name} of the pack.`,
    })),
    collected: input.policy.time,
    expires: until.sort()[0],
  });
}

export function finding(input: OscalInput, control: ContentControl): object {
  const { framework, state, reason, title } = control;
  const isSatisfied = state === 'Satisfied';
  return compact({
    uuid: idOf(input, 'finding', framework, control.control),
    title: line(`${control.control} ${title}`),
    description: sentences[state],
    props: [
      property('framework', framework),
      property('state', state),
      ...(state === 'Waived' ? [waivedProperty] : []),
    ],
    target: compact({
      type: 'statement-id',
      'target-id': statementId(framework, control.control),
      status: compact({
        state: isSatisfied ? 'satisfied' : 'not-satisfied',
        reason: isSatisfied ? 'pass' : state === 'NotEvaluated' ? 'other' : 'fail',
        remarks: reason === undefined ? undefined : plain(reason),
      }),
    }),
    'related-observations': control.checks.map((check) => ({ 'observation-uuid': checkId(input, check) })),
    'related-risks': input.waivers
      .filter(({ name }) => control.waivers.includes(name))
      .map((waiver) => ({ 'risk-uuid': waiverId(input, waiver) })),
  });
}

const sentences: Readonly<Record<ContentControl['state'], string>> = {
  Satisfied: 'Every check that supports it passes on every target.',
  NotSatisfied: 'A check that supports it fails.',
  Waived: 'A check that supports it fails, with a waiver: it is not satisfied.',
  NotEvaluated: 'It was not evaluated, or not in full: it is not satisfied.',
};

/** The files of the pack, each with its digest. */
export function backMatter(input: OscalInput, ...more: readonly object[]): object {
  return {
    resources: [
      ...input.files.map((file) => ({
        uuid: fileId(input, file),
        title: line(file.name),
        rlinks: [
          {
            href: file.href,
            'media-type': file.mediaType,
            hashes: [{ algorithm: 'SHA-256', value: file.sha256 }],
          },
        ],
      })),
      ...more,
    ],
  };
}
