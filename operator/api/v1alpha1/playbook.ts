import type { LocalRef } from './shared.ts';

/**
 * Your own playbook.
 *
 * @rule [has(self.inline), has(self.configMapRef), has(self.collectionRole)].filter(set, set).size() == 1 :: set exactly one of `inline`, `configMapRef` and `collectionRole`
 */
export interface Playbook {
  /**
   * The playbook itself, as YAML.
   *
   * @minLength 1
   * @maxLength 65536
   */
  inline?: string;

  /** ConfigMap in the same namespace with the playbook under `playbook.yml`. */
  configMapRef?: LocalRef;

  /**
   * A role of an installed collection: `namespace.collection.role`.
   *
   * @maxLength 256
   * @pattern ^[a-z_][a-z0-9_]*[.][a-z_][a-z0-9_]*[.][a-z_][a-z0-9_]*$
   */
  collectionRole?: string;
}
