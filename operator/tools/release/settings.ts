/** What a release is asked for, by variables of the environment. Pure. */
import type { Images } from '../deployment.ts';

export interface Settings {
  readonly images: Images;
  readonly signing: Signing;
}

/** `isPublic`: also recorded in the public transparency log. */
export type Signing =
  | { readonly by: 'no one' }
  | { readonly by: 'key'; readonly key: string; readonly isPublic: boolean }
  | { readonly by: 'identity' };

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws a sentence that says what to set. `version` is that of package.json. */
export function settingsOf(environment: Environment, version: string): Settings {
  const { VERSION, REGISTRY, OPERATOR_DIGEST, RUNNER_DIGEST } = environment;
  if (!VERSION) throw new Error(`Set the version to release, as in \`make release VERSION=${version}\`.`);
  if (VERSION !== version)
    throw new Error(
      `VERSION is ${VERSION}, but package.json has ${version}: change \`version\` there, run \`make generate\`, and change what \`make unit ARGS=release/version.test\` names.`,
    );
  const image = (name: string, variable: string, digest: string | undefined): string | undefined => {
    if (!digest) return undefined;
    if (!/^sha256:[0-9a-f]{64}$/.test(digest))
      throw new Error(
        `${variable} must be \`sha256:\` followed by 64 lowercase hexadecimal digits, but it is \`${digest}\`.`,
      );
    if (!REGISTRY)
      throw new Error(`Set REGISTRY to where the image of ${variable} is, as in REGISTRY=quay.io/holdfast.`);
    return `${REGISTRY}/${name}@${digest}`;
  };
  const runner = image('holdfast-runner', 'RUNNER_DIGEST', RUNNER_DIGEST);
  const operator = image('holdfast-operator', 'OPERATOR_DIGEST', OPERATOR_DIGEST);
  if (runner && !operator)
    throw new Error('Set OPERATOR_DIGEST as well: a release names both images by digest, or none.');
  if (operator && !runner)
    throw new Error('Set RUNNER_DIGEST as well: a release names both images by digest, or none.');
  return {
    images: { operator: operator ?? 'holdfast-operator', ...(runner && { runner }) },
    signing: signingOf(environment),
  };
}

/** An identity is what a pipeline has whose provider issues tokens; cosign finds them by these variables. */
function signingOf({ SIGN, COSIGN_KEY, TLOG, SIGSTORE_ID_TOKEN, ACTIONS_ID_TOKEN_REQUEST_URL }: Environment): Signing {
  if (SIGN === 'no') return { by: 'no one' };
  if (SIGN) throw new Error(`SIGN is \`${SIGN}\`; set \`SIGN=no\` to sign nothing, or do not set it.`);
  if (COSIGN_KEY) return { by: 'key', key: COSIGN_KEY, isPublic: TLOG !== 'no' };
  if (SIGSTORE_ID_TOKEN || ACTIONS_ID_TOKEN_REQUEST_URL) return { by: 'identity' };
  throw new Error(
    'There is nothing to sign with, so nothing was built; set COSIGN_KEY to a key (a file of `cosign generate-key-pair`, or the URI of a KMS), run this in a pipeline that has an identity, or set `SIGN=no`.',
  );
}
