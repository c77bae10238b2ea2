/** Alerts → rules that Prometheus loads, as they are and as an object for the operator of Prometheus. */
import { runtimeAlerts } from '../runtime/alerts.ts';
import type { Alert, Declaration } from '../runtime/feature.ts';
import { toYaml } from './crd.ts';

/** Where runbooks are published: `docs/runbooks/` of this repository. A chart replaces this prefix, and `rulesNamespace`, in the text of the file. */
export const runbooks = 'https://holdfast.dev/runbooks';
export const rulesNamespace = 'holdfast';

/** Loaded by `rule_files` of Prometheus. */
export const rulesPath = 'manifests/prometheus/alerts.yaml';
/** The same as a PrometheusRule. */
export const rulesObjectPath = 'manifests/prometheus/rules.yaml';

const header = [
  '# Generated from the alerts of operator/features.ts and operator/runtime/alerts.ts; change those and run `make generate`.',
  '# No rule names a namespace: the labels `namespace` and `job` are those that Prometheus gives to what it reads.',
  '',
].join('\n');

/** Of the runtime, and of all features. Throws a sentence when two have one name. */
export function alertsOf(features: readonly Declaration[]): readonly Alert[] {
  const all = [...runtimeAlerts, ...features.flatMap(({ alerts = [] }) => alerts)];
  const names = all.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`Two alerts have the name ${twice}; rename one of them.`);
  return all;
}

/** The files as path → text. */
export function ruleFiles(features: readonly Declaration[]): [path: string, text: string][] {
  const groups = [{ name: 'holdfast', rules: alertsOf(features).map(ruleOf) }];
  const object = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'holdfast', namespace: rulesNamespace, labels: { 'app.kubernetes.io/name': 'holdfast' } },
    spec: { groups },
  };
  return [
    [rulesPath, header + toYaml({ groups })],
    [rulesObjectPath, header + toYaml(object)],
  ];
}

function ruleOf({ name, severity, expr, for: pending, summary, description }: Alert): object {
  return {
    alert: name,
    expr,
    for: pending,
    labels: { severity },
    annotations: { summary, description, runbook_url: `${runbooks}/${name}` },
  };
}
