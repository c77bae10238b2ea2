/** Finds what only the controllers of Open Cluster Management can evaluate: templates in Go, on the hub or on the cluster. */
import { shortened } from '../../../lib/text.ts';
import { at, findValue } from './json.ts';
import { note, type Note } from './report.ts';

const disabling = 'policy.open-cluster-management.io/disable-templates';

/** Whether a ConfigurationPolicy says that braces in it are text. The hub evaluates its own templates all the same. */
export function hasTemplatesDisabled(configurationPolicy: unknown): boolean {
  return ['1', 't', 'true'].includes(
    String(at(configurationPolicy, 'metadata', 'annotations', disabling)).toLowerCase(),
  );
}

/** The first template in the value, as the reason why it cannot be translated. */
export function templateIn(value: unknown, path: string, areDisabled = false): Note | undefined {
  const hub = findValue(value, isHubTemplate, path);
  if (hub) {
    const text = `${hub.path} is filled in by the hub: ${quoted(hub.value)}; write what it stands for, or take the Policy that the hub made for a cluster`;
    return note('HubTemplate', text);
  }
  const found = areDisabled ? undefined : findValue(value, isTemplate, path);
  return (
    found && note('GoTemplate', `${found.path} is a Go template: ${quoted(found.value)}; write what it stands for`)
  );
}

export function isTemplate(value: unknown): boolean {
  return typeof value === 'string' && value.includes('{{');
}

function isHubTemplate(value: unknown): boolean {
  return typeof value === 'string' && /\{\{-?\s*hub\b/.test(value);
}

/** The template itself, not the text around it. */
function quoted(value: unknown): string {
  const text = String(value);
  return shortened(text.slice(text.indexOf('{{')).split('\n')[0] ?? '', 60);
}
