/** What is known of each version, and what follows, as lines for people and as data. Pure. */
import type { Verdict } from '../doctor/check.ts';
import { plain, wrapped } from '../lines.ts';
import type { Running, SkewVerdict } from './skew.ts';

/** A part that was read, or why it could not be. */
export type Part<T> = { readonly is: T } | { readonly unread: string };

export interface Versions {
  readonly plugin: string;
  readonly namespace: string;
  readonly operator: Part<readonly Running[]>;
  readonly skew: SkewVerdict;
  /** Whether they are there and served, and whether their schemas are those of this plugin. */
  readonly crds: Part<{ readonly served: Verdict; readonly schemas: Verdict }>;
  readonly apiserver: Part<{ readonly version: string; readonly verdict: Verdict }>;
}

/** What somebody should do something about, the gravest first; none when the versions work together and all are known. */
export function problemsOf(versions: Versions): string[] {
  const { operator, skew, crds, apiserver } = versions;
  const nothing = unreadAtAll(versions);
  if (nothing !== undefined) return [`no cluster could be asked: ${nothing}`];
  const problems: string[] = [];
  if ('unread' in operator) problems.push(`the operator is unknown: ${operator.unread}`);
  else if (skew.skew === 'unsupported' || skew.skew === 'unknown') problems.push(skew.message);
  if ('unread' in crds) problems.push(`the CRDs are unknown: ${crds.unread}`);
  else problems.push(...crdProblems(crds.is, skew));
  if ('unread' in apiserver) problems.push(`the apiserver is unknown: ${apiserver.unread}`);
  else if (apiserver.is.verdict.result !== 'Pass') problems.push(apiserver.is.verdict.message);
  return [...new Set(problems)];
}

/** The one reason why nothing could be read of the cluster. */
function unreadAtAll({ operator, crds, apiserver }: Versions): string | undefined {
  const reasons = new Set([operator, crds, apiserver].map((part) => ('unread' in part ? part.unread : undefined)));
  return reasons.size === 1 ? [...reasons][0] : undefined;
}

/** Beside an operator of another version, the CRDs are of another one, too. */
function crdProblems({ served, schemas }: { served: Verdict; schemas: Verdict }, { skew }: SkewVerdict): string[] {
  if (served.result !== 'Pass') return [served.message];
  if (schemas.result === 'Pass' || skew === 'supported' || skew === 'unsupported') return [];
  return [
    `${schemas.message}${skew === 'same' ? ', though the operator is of its version; run `kubectl holdfast doctor`' : ''}`,
  ];
}

const titleWidth = 12;

export function versionsText(versions: Versions, columns: number): string {
  const { plugin, skew } = versions;
  const problems = problemsOf(versions);
  const ofCluster =
    unreadAtAll(versions) === undefined
      ? [
          ['Operator', operatorText(versions)] as const,
          ['CRDs', crdText(versions)] as const,
          ['Apiserver', apiserverText(versions)] as const,
        ]
      : [];
  const lines = [['Plugin', plugin] as const, ...ofCluster].flatMap(([title, text]) =>
    hanging(title.padEnd(titleWidth), text, columns),
  );
  const end = problems.length > 0 ? problems.map((problem) => `Warning: ${problem}.`) : [`${sentence(skew.message)}.`];
  return [...lines, '', ...end.flatMap((line) => wrapped(line, columns)), ''].join('\n');
}

function operatorText({ operator, namespace }: Versions): string {
  if ('unread' in operator) return `unknown: ${operator.unread}`;
  if (operator.is.length === 0) return `unknown: none runs in namespace ${namespace}`;
  return operator.is
    .map(({ version, image, pods, leads }) => {
      const count = pods === 0 ? 'no pod runs' : `${pods} ${pods === 1 ? 'pod' : 'pods'}${leads ? ', leads' : ''}`;
      return `${version ?? `unknown, image ${image || '(none)'}`} (${count})`;
    })
    .join('; ');
}

function crdText({ crds }: Versions): string {
  if ('unread' in crds) return `unknown: ${crds.unread}`;
  const { served, schemas } = crds.is;
  return served.result === 'Pass' ? schemas.message : served.message;
}

function apiserverText({ apiserver }: Versions): string {
  if ('unread' in apiserver) return `unknown: ${apiserver.unread}`;
  return apiserver.is.verdict.message.replace(/^Kubernetes /, '');
}

export function versionsJson(versions: Versions): object {
  const { plugin, namespace, operator, skew, crds, apiserver } = versions;
  return {
    plugin: { version: plugin },
    operator: 'unread' in operator ? { namespace, unknown: operator.unread } : { namespace, running: operator.is },
    skew,
    crds:
      'unread' in crds ? { unknown: crds.unread } : { served: shown(crds.is.served), schemas: shown(crds.is.schemas) },
    apiserver: 'unread' in apiserver ? { unknown: apiserver.unread } : { version: apiserver.is.version },
    problems: problemsOf(versions),
  };
}

function shown({ result, message }: Verdict): object {
  return { result, message };
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function hanging(head: string, text: string, columns: number): string[] {
  const [first = '', ...rest] = wrapped(plain(text), columns - head.length);
  return [`${head}${first}`, ...rest.map((line) => `${' '.repeat(head.length)}${line}`)];
}
