/** Versions of Kubernetes and of images, by their first three numbers. Pure. */

export type Version = readonly [major: number, minor: number, patch: number];

/** Of `v1.30.4-eks-a737599` or `1.30+`; `undefined` for what does not begin with two numbers. */
export function versionOf(text: string): Version | undefined {
  const [, major, minor, patch = '0'] = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

export function isOlder(one: Version, other: Version): boolean {
  const at = one.findIndex((number, index) => number !== other[index]);
  return at >= 0 && one[at]! < other[at]!;
}

/** The tag of an image; empty when it has none. A port of the registry is not one. */
export function imageVersion(image: string): string {
  const [named = ''] = image.split('@');
  return /:([^/:]+)$/.exec(named)?.[1] ?? '';
}
