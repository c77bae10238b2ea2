"""The ways by which Holdfast comes to a host and becomes root there: a change of a file that they depend on must leave each of them that worked.

Each is tried as it is used, before the change and after it: sudo as the account, what PAM makes of the account for sshd, and whether sshd could start.
"""

import os
import pwd
import re
import sys

from . import commands
from .refused import Refused

# Beside what sudo reads, which `sudoers.reads` tells.
OF_SUDO = re.compile(r'/(usr/)?bin/sudo|/usr/libexec/sudo/.*|/etc/sudo\.conf')
OF_ACCOUNTS = re.compile(r'(/etc|/usr/lib)/pam\.d/.*|/etc/security/.*|/etc/(passwd|shadow|group|nsswitch\.conf|nologin|login\.defs|shells)|(/var)?/run/nologin')
OF_SSHD = re.compile(r'/etc/ssh/(sshd_config|sshd_config\.d/.*|ssh_host_.*)')
# As sshd asks for whom a key lets in. A module that crashes, or waits, does so in a process of its own.
PAM = """
import ctypes, sys
pam, libc = ctypes.CDLL('libpam.so.0'), ctypes.CDLL(None)
libc.calloc.restype = ctypes.c_void_p
libc.calloc.argtypes = [ctypes.c_size_t, ctypes.c_size_t]
pam.pam_strerror.restype = ctypes.c_char_p
Answer = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p)


class Conversation(ctypes.Structure):
    _fields_ = [('answer', Answer), ('data', ctypes.c_void_p)]


def answer(count, asked, answers, data):
    answers[0] = libc.calloc(count, 16)
    return 0


conversation, handle = Conversation(Answer(answer), None), ctypes.c_void_p()
code = pam.pam_start(b'sshd', sys.argv[1].encode(), ctypes.byref(conversation), ctypes.byref(handle))
if code == 0:
    pam.pam_set_item(handle, 3, ctypes.c_char_p(b'ssh'))
    if sys.argv[2]:
        pam.pam_set_item(handle, 4, ctypes.c_char_p(sys.argv[2].encode()))
    code = pam.pam_acct_mgmt(handle, 0)
if code:
    print(pam.pam_strerror(handle, code).decode(errors='replace'))
    sys.exit(1)
"""


class Ways:
    """Those that a path concerns and that work now."""

    def __init__(self, path, of_sudo):
        self._path, self.account = path, os.environ.get('SUDO_USER', 'root')
        of_accounts = bool(OF_ACCOUNTS.fullmatch(path))
        tried = []
        if self.account != 'root' and (of_sudo or of_accounts or OF_SUDO.fullmatch(path)):
            tried.append((_of_sudo, f'{self.account} could no longer use sudo as Holdfast does'))
        if of_accounts:
            tried.append((_of_pam, f'{self.account} could no longer log in by SSH'))
        if OF_SSHD.fullmatch(path):
            tried.append((_of_sshd, 'sshd could no longer start'))
        self._work = [(refusal, what) for refusal, what in tried if not refusal(self.account)]

    def assert_all(self):
        """Raises when one that worked no longer does."""
        for refusal, what in self._work:
            why = refusal(self.account)
            if why:
                raise Refused(f'with {self._path} changed this way, {what} ({why}), so the change was reverted')


def concern(path):
    """Whether a way that is not sudo's own files depends on the path."""
    return any(one.fullmatch(path) for one in (OF_SUDO, OF_ACCOUNTS, OF_SSHD))


def groups_let_in():
    """The groups of which sshd asks an account to be in one, as its files have them for all."""
    try:
        _, said, _ = commands.run('sshd', '-T')
    except Refused:
        return set()
    return {word for line in said.splitlines() if line.startswith('allowgroups ') for word in line.split()[1:]}


def _of_sudo(account):
    """Why sudo refuses the account, as Holdfast uses it; nothing when it does not."""
    try:
        found = pwd.getpwnam(account)
    except KeyError:
        return 'the account does not exist'

    def become():
        os.setsid()
        os.initgroups(found.pw_name, found.pw_gid)
        os.setgid(found.pw_gid)
        os.setuid(found.pw_uid)

    return _complaint('sudo', '-n', '-k', '--', '/bin/sh', '-c', 'exit 0', become=become)


def _of_pam(account):
    return _complaint(sys.executable, '-c', PAM, account, _origin())


def _of_sshd(_account):
    return _complaint('sshd', '-t')


def _complaint(*command, become=None):
    """The first line of what it complains of; nothing when it does not."""
    try:
        code, said, complained = commands.run(*command, become=become)
    except Refused as error:
        return str(error)
    return (commands.first_line(complained or said) or f'exit code {code}') if code else ''


def _origin():
    """The address from which Holdfast came, as sshd told it to what it started; nothing when nobody knows it."""
    process = os.getppid()
    try:
        while process > 1:
            with open(f'/proc/{process}/environ', 'rb') as file:
                found = re.search(rb'(?:^|\0)SSH_CONNECTION=([^ \0]+)', file.read())
            if found:
                return found.group(1).decode()
            with open(f'/proc/{process}/stat', 'rb') as file:
                process = int(file.read().rpartition(b')')[2].split()[1])
    except OSError:
        pass
    return ''
