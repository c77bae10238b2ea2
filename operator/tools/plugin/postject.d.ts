declare module 'postject' {
  /** Writes `data` into the executable `file`, as the resource of that name. */
  export function inject(
    file: string,
    resource: string,
    data: Buffer,
    options: { readonly sentinelFuse: string },
  ): Promise<void>;
}
