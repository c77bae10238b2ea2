"""Whom a file is to belong to, as the numbers that the kernel takes: an account or group is given by its name, or by its number."""

import grp
import pwd

from .refused import Refused


def uid_of(name):
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        if name.isdigit():
            return int(name)
        raise Refused(f'there is no account {name} on this host: create it first') from None


def gid_of(name):
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        if name.isdigit():
            return int(name)
        raise Refused(f'there is no group {name} on this host: create it first') from None
