/** Dashboards → the files of `manifests/grafana/`. */
import { yamlHeader } from '../crd.ts';
import { consoleYaml } from './console.ts';
import { grafanaJson } from './grafana.ts';
import { holdfastDashboard } from './holdfast.ts';

export const grafanaPath = 'manifests/grafana/holdfast.json';
export const consolePath = 'manifests/grafana/console.yaml';

/** The files as path → text. */
export function dashboardFiles(): [path: string, text: string][] {
  return [
    [grafanaPath, grafanaJson(holdfastDashboard)],
    [consolePath, consoleYaml(holdfastDashboard, yamlHeader('operator/tools/dashboard/holdfast.ts'))],
  ];
}
