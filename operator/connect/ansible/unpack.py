"""Starts the run that a Job was made for: its data comes in an object that others may replace, and nothing is started but what the digest names.

Arguments: the packed data, its SHA-256, the folder for it, the file for a result, and the options of run.py.
"""

import gzip
import hashlib
import json
import os
import sys


def main(source, digest, folder, result, *options):
    with open(source, 'rb') as file:
        packed = file.read()
    if hashlib.sha256(packed).hexdigest() != digest:
        refuse(result, 'The data of this run was replaced after its Job was created. Nothing was run.')
    for path, text in json.loads(gzip.decompress(packed)).items():
        place = os.path.join(folder, path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, 'w', encoding='utf-8', newline='') as file:
            file.write(text)
    os.execv(sys.executable, [sys.executable, '-I', os.path.join(folder, 'run.py'), *options])


def refuse(result, message):
    with open(result, 'w', encoding='utf-8') as file:
        json.dump({'rc': 65, 'message': message, 'hosts': []}, file)
    sys.exit(message)


main(*sys.argv[1:])
