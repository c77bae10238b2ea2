/** Takes a package of the older form by a name: works in Node, and not in a bundle. */
const { RFC3161Timestamp } = await import('@sigstore/core');
process.stdout.write(typeof RFC3161Timestamp.parse);
