/** The frame of all that Holdfast writes as SARIF 2.1.0. Pure. */

export interface SarifRun extends Readonly<Record<string, unknown>> {
  readonly results: readonly object[];
}

/** A log of one run: `rules` are those of its driver, `run` the rest. */
export function sarifLog(version: string, rules: readonly object[], run: SarifRun): object {
  const driver = { name: 'Holdfast', version, informationUri: 'https://holdfast.dev', rules };
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, ...run }],
  };
}
