"""Prints everything of a host that a correction could have changed, a line each: files and folders with owners, modes, access lists, times and
digests; live parameters; what is active, installed and mounted. Times of folders change with every rename in them, and are left out."""

import hashlib
import json
import os
import re
import stat
import subprocess

ROOTS = ['/etc', '/home', '/root', '/srv', '/opt', '/usr/local', '/usr/lib/systemd', '/usr/lib/modprobe.d', '/usr/lib/sysctl.d', '/var/spool', '/var/mail', '/run/systemd/system']
PARAMETERS = ['/proc/sys/net/ipv4', '/proc/sys/net/ipv6', '/proc/sys/vm']
# The repository is not the host's: who downloads from it leaves notes on its files.
REPOSITORY = '/srv/repo'
CACHE = '/run/holdfast-test/digests.json'

try:
    with open(CACHE) as file:
        known = json.load(file)
except (OSError, ValueError):
    known = {}


def digest(path, found):
    # A change of the content changes this time, which nobody can set.
    key = f'{found.st_ino}:{found.st_ctime_ns}:{found.st_size}'
    if known.get(path, ['', ''])[0] != key:
        with open(path, 'rb') as file:
            known[path] = [key, hashlib.sha256(file.read()).hexdigest()]
    return known[path][1]


def walk(path, device):
    if path == REPOSITORY:
        return
    found = os.lstat(path)
    # On an overlay the files of its layers have numbers of their own; only folders tell what is mounted.
    if stat.S_ISDIR(found.st_mode) and found.st_dev != device:
        return
    letter = stat.filemode(found.st_mode)
    line = f'{path} {letter} {found.st_uid} {found.st_gid}'
    if stat.S_ISLNK(found.st_mode):
        print(f'{line} -> {os.readlink(path)}')
        return
    attributes = {name: os.getxattr(path, name).hex() for name in sorted(os.listxattr(path))}
    line += f' {attributes}' if attributes else ''
    if stat.S_ISREG(found.st_mode):
        line += f' {found.st_mtime_ns} {digest(path, found)}'
    print(line)
    if stat.S_ISDIR(found.st_mode):
        for name in sorted(os.listdir(path)):
            try:
                walk(os.path.join(path, name), device)
            except FileNotFoundError:
                pass


def parameters(folder):
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != 'neigh']
        for name in names:
            one = os.path.join(path, name)
            try:
                if 'nr_' not in name and name != 'flush' and os.stat(one).st_mode & 0o200:
                    with open(one, 'rb') as file:
                        print(one, file.read())
            except OSError:
                pass


def said(*words):
    return subprocess.run(words, stdout=subprocess.PIPE, check=False, universal_newlines=True).stdout.splitlines()


for root in ROOTS:
    if os.path.isdir(root):
        walk(root, os.lstat(root).st_dev)
for folder in PARAMETERS:
    parameters(folder)
# What is mounted the kernel tells, below: systemd hears of it some time after it came or went.
kinds = '--type=service,socket,timer,path'
for line in said('systemctl', 'list-units', '--no-legend', '--plain', kinds, '--state=active'):
    unit = line.split()[0]
    if not unit.startswith(('run-', 'user@', 'session-', 'systemd-tmpfiles', 'user-runtime')):
        print('active', unit)
for line in sorted(said('rpm', '-qa', '--qf', '%{NEVRA}\n')):
    print('installed', line)
with open('/proc/self/mountinfo') as file:
    # The kernel gives a mount that is made again another number of its group.
    for line in sorted(re.sub(r'\b(shared|master):[0-9]+', r'\1', ' '.join(line.split()[3:])) for line in file):
        print('mounted', line)
with open(CACHE, 'w') as file:
    json.dump(known, file)
