"""Takes the named collections (namespace/name) out of the wheel of the PyPI package `ansible` into this environment,
where ansible-core looks for them. Usage: extractCollections.py WHEEL COLLECTION..."""

import sys
import sysconfig
import zipfile

wheel, *collections = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for collection in collections:
        prefix = f"ansible_collections/{collection}/"
        members = [name for name in archive.namelist() if name.startswith(prefix)]
        if not members:
            sys.exit(f"{wheel} does not contain collection {collection}: check which release of the package ansible does.")
        archive.extractall(sysconfig.get_path("purelib"), members)
