/** Rights of the operator: those that it always needs, and those that are granted where Devices and baselines are. */
import { counted, listed } from '../../../../lib/text.ts';
import { commandsFor } from '../../../../runtime/grants.ts';
import { fail, pass, warn, type Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import type { Need } from '../census.ts';
import type { Wanted } from '../../shipped.ts';

export const rights: Check = {
  name: 'rights',
  async judge(facts) {
    const { shipped, namespace, account, may, upgrade } = facts;
    const who = `ServiceAccount ${namespace}/${await account()}`;
    const answers = await Promise.all(shipped.rights.map(may));
    const missing = shipped.rights.filter((_, index) => !answers[index]);
    if (missing.length === 0) return pass(`the operator has all ${shipped.rights.length} rights that it needs`);
    if (missing.length === shipped.rights.length) return fail(`${who} has no rights`, await upgrade('manifests'));
    return fail(
      `${who} lacks ${missing.length} of ${shipped.rights.length} rights: ${listed(missing.map(inWords), 2)}`,
      await upgrade('manifests'),
    );
  },
};

/** `patch devices.holdfast.dev/status`. */
function inWords({ verb, resource, group, subresource, namespace }: Wanted): string {
  const what = `${resource}${group && `.${group}`}${subresource ? `/${subresource}` : ''}`;
  return `${verb} ${what}${namespace ? ` in namespace ${namespace}` : ''}`;
}

export const grants: Check = {
  name: 'grants',
  async judge(facts) {
    const { needs } = await facts.census();
    if (needs.length === 0) return pass('no Device and no baseline needs any');
    const lacking = (await Promise.all(needs.map((need) => lackingOf(need, facts)))).flat();
    if (lacking.length === 0) return pass(`what ${counted(needs.length, 'use')} of them need is granted`);
    const user = `system:serviceaccount:${facts.namespace}:${await facts.account()}`;
    const places = lacking.map(
      ({ grant, namespace, name }) => `${grant.name} in ${namespace}${name ? ` (${name})` : ''}`,
    );
    const commands = lacking.map(({ grant, ...place }) => commandsFor(grant, place, user));
    return fail(`the operator lacks ${listed(places)}; decide whether to grant it`, ...commands);
  },
};

interface Lacking {
  readonly grant: Need['grant'];
  readonly namespace: string;
  readonly name?: string;
}

/** In the namespace as such where that is granted, or where no object is named; else object by object. */
async function lackingOf({ grant, namespace, names }: Need, facts: Facts): Promise<Lacking[]> {
  const granted = async (name?: string): Promise<boolean> => {
    const asked = grant.access.flatMap(({ group, resources, verbs }) =>
      resources.flatMap((resource) =>
        verbs.map((verb) => facts.may({ group, resource, verb, namespace, ...(name && { name }) })),
      ),
    );
    return (await Promise.all(asked)).every(Boolean);
  };
  if (await granted()) return [];
  if (names.size === 0) return [{ grant, namespace }];
  const lacking: Lacking[] = [];
  for (const name of names) if (!(await granted(name))) lacking.push({ grant, namespace, name });
  return lacking;
}

export const runner: Check = {
  name: 'runner',
  async judge({ census, deployment, namespace, shipped }) {
    const { needRunner } = await census();
    const live = await deployment();
    const args = live?.spec?.template?.spec?.containers.flatMap((one) => one.args ?? []) ?? [];
    const isSet = args.some((argument) => /^--runner-image(=.+)?$/.test(argument));
    if (isSet) return pass('the image for Jobs is set');
    if (needRunner.length === 0) return pass('no image for Jobs is set, and no baseline needs it');
    const value = `--runner-image=REGISTRY/holdfast-runner:${shipped.version}`;
    const patch = [{ op: 'add', path: '/spec/template/spec/containers/0/args/-', value }];
    const isHelm = live?.metadata.labels?.['app.kubernetes.io/managed-by'] === 'Helm';
    const fix = isHelm
      ? `helm upgrade ${live.metadata.annotations?.['meta.helm.sh/release-name'] ?? 'holdfast'} charts/holdfast --namespace ${namespace} --reset-then-reuse-values --set runner.image.repository=REGISTRY/holdfast-runner`
      : `kubectl -n ${namespace} patch deployment holdfast-operator --type=json --patch '${JSON.stringify(patch)}'`;
    const names = needRunner.map((name) => `DeviceBaseline ${name}`);
    const say = live ? fail : warn;
    return say(`no image for Jobs is set, and ${listed(names, 2)} cannot correct without it`, fix);
  },
};
