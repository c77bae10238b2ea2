"""Runs Ansible once on a folder of data and writes what came of it, in a form that fits into the termination message of a container.

It promises: a run with a fence starts at most once, however often this program is started; no process of the run is left when it
ends; the result appears whole or not at all. On this machine it is a process of its own that outlives the operator; in a Job it
is the container's command. It needs nothing but Python's standard library, and ansible-runner in the PATH.
"""

import argparse
import ctypes
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unicodedata

MARK = 'HOLDFAST_RUN'
# The last play of every run: it starts only when Ansible broke off none before it.
LAST_PLAY = 'holdfast-end'
# Of Linux: the orphans among the descendants of this process become its children.
PR_SET_CHILD_SUBREAPER = 36
# For what was started here to end by itself, in seconds.
GRACE = 1


def main():
    options = read_options()
    if options.secrets:
        copy_keys(options.secrets, options.data, options.keys)
    if options.fence and not pass_fence(options.data, options.fence):
        shutil.rmtree(options.data, ignore_errors=True)
        return 0
    outcome = run(options.data, options.seconds, options.mark, options.show)
    outcome.update(collect(options.data, outcome))
    if options.secrets:
        del outcome['names']  # Whoever made the Job knows them, and the message is small.
    text = fitted(outcome, options.limit)
    if options.secrets:
        # A container's termination message is a mounted file, which cannot be replaced.
        with open(options.result, 'w', encoding='utf-8') as file:
            file.write(text)
        return outcome['rc']
    keep(options.result, text, options.data)
    return 0


def read_options():
    parser = argparse.ArgumentParser()
    parser.add_argument('--data', required=True, type=os.path.abspath, help='folder in which to run; removed afterwards')
    parser.add_argument('--secrets', help='folder with the keys, which all may read; then nothing is removed')
    parser.add_argument('--keys', help='folder in memory for the keys')
    parser.add_argument('--fence', help='file that is made when the run starts; when it is there already nothing is done')
    parser.add_argument('--mark', required=True, help='name of the run in the environment of its processes')
    parser.add_argument('--seconds', required=True, type=int, help='how long Ansible may run')
    parser.add_argument('--result', required=True, help='file for the result')
    parser.add_argument('--limit', required=True, type=int, help='greatest size of the result in bytes')
    parser.add_argument('--show', action='store_true', help='show the output of Ansible')
    return parser.parse_args()


def copy_keys(secrets, data, keys):
    """ssh takes no key that others may read. A mounted volume keeps its versions under names that start with two dots."""
    for name in (name for name in os.listdir(secrets) if not name.startswith('..')):
        with open(os.path.join(secrets, name), 'rb') as file, open(os.path.join(keys, name), 'wb', opener=private) as copy:
            copy.write(key_text(file.read().decode('utf-8', 'replace')).encode())
    os.symlink(keys, os.path.join(data, 'keys'))


def key_text(text):
    """A key or certificate as ssh takes it, however it was pasted: as `privateKeyText` of the SSH connector."""
    text = text.replace('\r', '').replace('\\r', '').replace('\\n', '\n').strip('\ufeff \t\n')
    key = re.search(r'-----BEGIN ([A-Z ]* KEY)-----(.*?)-----END \1-----', text, re.DOTALL)
    if not key:
        return text + '\n'
    lines = key[2].strip().split('\n')
    lines = lines if len(lines) > 1 else re.findall('.{1,64}', re.sub(r'\s', '', key[2]))
    return '\n'.join([f'-----BEGIN {key[1]}-----', *(line.strip() for line in lines), f'-----END {key[1]}-----', ''])


def pass_fence(data, fence):
    """A hard link is made whole or not at all, and only once; it must be on disk before anything runs."""
    record = os.path.join(data, 'record')
    with open('/proc/self/stat', encoding='ascii', errors='replace') as file:
        start = file.read().rpartition(')')[2].split()[19]
    with open('/proc/sys/kernel/random/boot_id', encoding='ascii') as file:
        boot = file.read().strip()
    write_whole(record, json.dumps({'pid': os.getpid(), 'start': start, 'boot': boot}))
    try:
        os.link(record, fence)
    except FileExistsError:
        return False
    folder = fence
    for _ in range(3):  # The run's folder, that of all runs, and the executor's: each may be new.
        folder = os.path.dirname(folder)
        opened = os.open(folder, os.O_RDONLY)
        os.fsync(opened)
        os.close(opened)
    try:
        print('started', flush=True)
    except BrokenPipeError:
        pass  # Who started this is gone; the run goes on.
    return True


def run(data, seconds, mark, show):
    """What became of ansible-runner: its exit code, and why it was ended if it was."""
    try:
        for folder in ('home', 'tmp', 'project/control'):
            os.makedirs(os.path.join(data, folder), mode=0o700, exist_ok=True)
        errors = open(os.path.join(data, 'errors'), 'wb')
    except OSError as error:
        return {'rc': 127, 'message': f'Ansible was not executed: {error.strerror}.'}
    # Nothing is inherited: a token or a kubeconfig of whoever started this is none of Ansible's business.
    environment = {
        'PATH': os.environ['PATH'],
        'HOME': os.path.join(data, 'home'),
        'LANG': 'C.UTF-8',
        'ANSIBLE_CONFIG': os.path.join(data, 'ansible.cfg'),
        # ansible-runner turns it off unless it is set here.
        'ANSIBLE_HOST_KEY_CHECKING': 'True',
        'ANSIBLE_NOCOLOR': '1',
        'MAX_EVENT_RES': '50000',
        MARK: mark,
    }
    command = ['ansible-runner', 'run', data, '--playbook', 'run.yml', '--ident', 'run'] + ([] if show else ['--quiet'])
    outcome = {}
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        with errors:
            process = subprocess.Popen(command, cwd=data, env=environment, stdin=subprocess.DEVNULL,
                                       stdout=None if show else subprocess.DEVNULL, stderr=None if show else errors)
        outcome = awaited(process, seconds)
    except OSError as error:
        outcome = {'rc': 127, 'message': f'ansible-runner cannot be started: {clean(str(error))}. Install ansible-core and ansible-runner.'}
    end_processes()
    return outcome


def awaited(process, seconds):
    cancelled = []

    def cancel(_number, _frame):
        cancelled.append(True)
        process.kill()

    signal.signal(signal.SIGTERM, cancel)
    try:
        code = process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return {'rc': 124, 'timedOut': True}
    return {'rc': 143, 'cancelled': True} if cancelled else {'rc': code if code >= 0 else 128 - code}


def end_processes():
    """Ansible's workers and ssh's masters have sessions of their own, but whatever became of their parents, they descend from this process."""
    begun, others = time.monotonic(), set()
    while (processes := descendants() - others) and time.monotonic() < begun + 60:
        for process in processes:
            try:
                os.kill(process, signal.SIGTERM if time.monotonic() < begun + GRACE else signal.SIGKILL)
            except ProcessLookupError:
                pass
            except PermissionError:
                others.add(process)
        reap()
        time.sleep(0.05)


def descendants():
    """All that this process and those that it started have started."""
    children = {}
    for process in (int(name) for name in os.listdir('/proc') if name.isdigit()):
        try:
            with open(f'/proc/{process}/stat', encoding='ascii', errors='replace') as file:
                children.setdefault(int(file.read().rpartition(')')[2].split()[1]), []).append(process)
        except OSError:
            pass  # It has gone.
    found, parents = set(), [os.getpid()]
    while parents:
        parents = [child for parent in parents for child in children.get(parent, [])]
        found.update(parents)
    return found


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def collect(data, outcome):
    """Reads Ansible's events: numbers for each host in the order of the inventory, null where it is not known how far it got."""
    with open(os.path.join(data, 'hosts.json'), encoding='utf-8') as file:
        names = json.load(file)
    stats, complaints, checks, notes, last_play, waiting = {}, {}, {}, {}, False, None
    for event in events(os.path.join(data, 'artifacts/run/job_events')):
        kind, details = event.get('event'), event.get('event_data') or {}
        if kind == 'playbook_on_stats':
            stats = details
        elif kind == 'playbook_on_play_start' and details.get('name') == LAST_PLAY:
            last_play = True
        elif kind == 'runner_on_start' and str(details.get('task_action')).endswith('pause'):
            waiting = clean(str(details.get('task')), 80)
        elif kind == 'runner_on_unreachable' or (kind == 'runner_on_failed' and not details.get('ignore_errors')):
            complaints.setdefault(details.get('host'), complaint(details))
        if kind in ('runner_on_ok', 'runner_on_failed'):
            waiting = None
            told = details.get('res') or {}
            checks.setdefault(details.get('host'), {}).update(told_of_checks(told))
            notes.setdefault(details.get('host'), {}).update(said_of_checks(told))
    numbers = [host_numbers(name, stats, last_play) for name in names]
    found = {'names': names, 'hosts': numbers, 'messages': {}, 'checks': by_index(names, checks), 'notes': by_index(names, notes)}
    for index, name in enumerate(names):
        if numbers[index] and (numbers[index][2] or numbers[index][3]) and name in complaints:
            found['messages'][str(index)] = complaints[name]
    if waiting and 'timedOut' in outcome:
        found['waiting'] = waiting
    if not stats and not {'message', 'timedOut', 'cancelled'} & outcome.keys():
        killed = f"Ansible was killed by signal {outcome['rc'] - 128}; how far it got is unknown."
        found['message'] = killed if outcome['rc'] in (134, 137, 139, 143) else playbook_error(data)
    elif stats and not last_play and any(number is None for number in numbers):
        found['stopped'] = True
    return found


def events(folder):
    def counter(path):
        return int(os.path.basename(path).split('-')[0])

    for path in sorted((path for path in glob.glob(f'{folder}/[0-9]*.json') if re.match(r'\d+-', os.path.basename(path))), key=counter):
        try:
            with open(path, encoding='utf-8') as file:
                yield json.load(file)
        except (OSError, ValueError):
            pass  # Half written when its writer was killed.


def host_numbers(name, stats, last_play):
    ok, changed, failed, unreachable = (stats.get(key, {}).get(name, 0) for key in ('ok', 'changed', 'failures', 'dark'))
    # A host without a fault counts only when no play was broken off: with other hosts' faults Ansible leaves it half-way, and says ok.
    if name not in stats.get('processed', {}) or not (failed or unreachable or last_play):
        return None
    return [ok, changed, failed, 1 if unreachable else 0]


def told_of_checks(result):
    """Of each check that our module could not correct: whether nothing was touched, and why."""
    return {name: [bool(one.get('refused')), clean(str(one['message']))] for name, one in each_check(result) if 'message' in one}


def said_of_checks(result):
    """Of each check that our module corrected with more than was declared: what came along."""
    return {name: clean(str(one['said'])) for name, one in each_check(result) if 'said' in one}


def each_check(result):
    told = result.get('checks')
    return [(name, one) for name, one in told.items() if isinstance(one, dict)] if isinstance(told, dict) else []


def by_index(names, values):
    return {str(index): values[name] for index, name in enumerate(names) if values.get(name)}


def complaint(details):
    result = details.get('res') or {}
    failing = [item for item in result.get('results') or [] if isinstance(item, dict) and (item.get('failed') or item.get('unreachable'))]
    result = failing[0] if failing else result
    if 'censored' in result:
        text = 'it failed, and the playbook hides why (no_log); run it manually without no_log'
    else:
        text = str(result.get('msg') or result.get('reason') or result.get('module_stderr') or 'no reason given')
        last = str(result.get('module_stderr') or '').strip().splitlines()[-1:]
        if last and re.match(r'Module result deserialization failed|MODULE FAILURE|Module failed', text):
            text = f"its module could not run: {re.sub(r'^[A-Za-z.]+: (.Errno [0-9]+. )?', '', last[0])}"
            if 'No usable temporary directory' in last[0]:
                text = 'its module could write to neither /tmp nor /var/tmp; check whether the disk is full'
        if text.startswith('non-zero return code') and result.get('stderr'):
            text = f"exit code {result.get('rc')}: {result['stderr']}"
    return clean(f"{details.get('task', 'a task')}: {ssh_reason(text)}")


def ssh_reason(text):
    if 'Host key verification failed' in text or 'REMOTE HOST IDENTIFICATION HAS CHANGED' in text or 'no matching host key type' in text:
        return 'the host key is not one of those declared for this host. Nothing was run. If the host was reinstalled, declare its new key.'
    if 'Data could not be sent to remote host' in text:
        return 'the SSH connection was closed before anything was sent. Nothing was run. Check the host key and the credentials declared for this host, and sshd on it.'
    return text.replace('Task failed: ', '', 1)


def playbook_error(data):
    """What Ansible says of a playbook that it does not run, with its line: the first error in its output."""
    for path in ('artifacts/run/stdout', 'artifacts/run/stderr', 'errors'):
        try:
            with open(os.path.join(data, path), encoding='utf-8', errors='replace') as file:
                text = re.sub(r'\x1b\[[0-9;]*[A-Za-z]', '', file.read(65536)).replace(f'{data}/', '')
        except OSError:
            continue
        error = re.search(r'^\[?ERROR!?\]?:? *(.+(?:\n(?!Origin: |\n).+)*)', text, re.MULTILINE)
        if error:
            place = re.search(r'^Origin: (?:.*/)?(\S+?):(\d+)', text, re.MULTILINE)
            return clean(f'{place[1]} line {place[2]}: {error[1]}' if place else error[1])
        if text.strip():
            return clean(text.strip().splitlines()[-1])
    return 'Ansible exited without reporting what it did.'


def clean(text, length=300):
    """One line without anything that is not seen, such as escape sequences of terminals and marks that turn the direction of text."""
    visible = ''.join(' ' if unicodedata.category(letter)[0] in 'CZ' else letter for letter in text)
    line = ' '.join(visible.split())
    return line if len(line) <= length else line[: length - 1] + '…'


def fitted(outcome, limit):
    """The result as JSON of at most `limit` bytes: messages are shortened first, then left out, notes before them; hosts at the end become unknown."""
    notes = outcome.pop('notes', {})
    for length, extra in ((300, {'notes': notes} if notes else {}), *((length, {}) for length in (300, 150, 80, 40, 0))):
        shortened = {index: clean(text, length) for index, text in outcome['messages'].items()} if length else {}
        checks = {index: {name: [refused, clean(text, length)] for name, (refused, text) in told.items()} for index, told in outcome['checks'].items()}
        text = compact({**outcome, 'messages': shortened, 'checks': checks if length else {}, **extra})
        if len(text.encode()) <= limit:
            return text
    hosts = outcome['hosts']
    silent = {**outcome, 'messages': {}, 'checks': {}}
    while len(compact({**silent, 'hosts': hosts}).encode()) > limit and hosts:
        hosts = hosts[: len(hosts) * 9 // 10]
    return compact({**silent, 'hosts': hosts})


def compact(value):
    return json.dumps(value, separators=(',', ':'), ensure_ascii=False)


def keep(path, text, data):
    """Writes the result and removes the data: before it, where that makes the room that a full disk has not. Others may take it: then it is tried again for a minute."""
    for left in reversed(range(60)):
        try:
            write_whole(path, text)
            break
        except OSError:
            shutil.rmtree(data, ignore_errors=True)
            if not left:
                raise
            time.sleep(1)
    shutil.rmtree(data, ignore_errors=True)


def write_whole(path, text):
    with open(path + '.new', 'w', encoding='utf-8', opener=private) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.rename(path + '.new', path)


def private(path, flags):
    return os.open(path, flags, 0o600)


if __name__ == '__main__':
    sys.exit(main())
