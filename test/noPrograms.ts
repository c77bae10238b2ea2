/**
 * What `node:child_process` is in unit tests, which need nothing but Node: whatever starts a program says where its test
 * belongs.
 */
function refuse(): never {
  throw new Error(
    'Unit tests start no programs: name this test file, or its folder, under `programs` in jest.config.mjs.',
  );
}

export { refuse as exec, refuse as execFile, refuse as execFileSync, refuse as execSync, refuse as fork };
export { refuse as spawn, refuse as spawnSync };
export { refuse as default };
