"""Makes and undoes changes, each check by itself: one that fails is put back whole and leaves the others to go on.

Promises: a change is made only where the host is still as the probe saw it; what was there is on disk before it is changed; undoing
puts it back byte for byte where nobody changed it since, and says of everything else that it does not.
"""

from . import account, account_group, files, folders, kernel, modules, mounts, notify, packages, reload, units
from .refused import Refused
from .run import Run

# A kind of change: `make(change, seen, run)` keeps its records in the run and tells whether it differed; `undo(record, run)` puts one back.
KINDS = {
    'account': account,
    'accountGroup': account_group,
    'file': files,
    'folder': folders,
    'kernel': kernel,
    'module': modules,
    'mount': mounts,
    'package': packages,
    'reload': reload,
    'unit': units,
}


def make(name, checks, only_checks):
    """`checks`: of each its name, its `changes`, and what the probe had `seen` of each. Returns what became of each by its name."""
    run, results, notes, made = Run(name, only_checks), {}, {}, {}
    try:
        if not only_checks:
            run.journal.open()
    except Refused as error:
        return {'changed': False, 'checks': {check['check']: {'changed': False, 'message': str(error), 'refused': True} for check in checks}}
    for check in checks:
        run.start(check['check'])
        result = results[check['check']] = {'changed': False}
        for change, seen in zip(check['changes'], check['seen']):
            try:
                differed = KINDS[change['do']].make(change, seen, run)
                result['changed'] = result['changed'] or differed
                if differed:
                    for note in change.get('notify', []):
                        notes.setdefault((note['unit'], note['action'], note.get('rewrites')), []).append(check['check'])
                if not only_checks:
                    run.save()
            except Exception as error:  # pylint: disable=broad-except
                result['message'] = sentence(error)
                result['refused'] = isinstance(error, Refused)
                if not only_checks:
                    _take_back(run, result)
                break
        if run.said and 'message' not in result:
            result['said'] = '; '.join(run.said)
        made[check['check']] = run.records()
    _take_back_told(run, made, results, notes, _notify(notes, only_checks))
    return {'changed': any(result['changed'] for result in results.values()), 'checks': results}


def undo(name, checks, only_checks):
    """`checks` by name, the last corrected first."""
    run, results, notes, undone = Run(name, only_checks), {}, {}, {}
    for check in checks:
        result = results[check] = {'changed': False}
        problems = []
        if not run.journal.exists():
            problems = ['the previous state is no longer kept on this host, which keeps the last 60 runs; restore it manually']
        try:
            records = run.journal.read(check)
        except (OSError, ValueError) as error:
            records = []
            problems = [f'what the run left of the previous state on this host cannot be read ({sentence(error)}); restore it manually']
        for record in reversed(records):
            try:
                was = KINDS[record['do']].undo(record, run)
                undone.setdefault(check, []).extend([was] if was else [])
                result['changed'] = True
                for note in record.get('notify', []):
                    notes.setdefault((note['unit'], note['action'], note.get('rewrites')), []).append(check)
            except Exception as error:  # pylint: disable=broad-except
                problems.append(sentence(error))
        if problems:
            result['message'] = '; '.join(problems)
    for note, told, problem in _notify(notes, only_checks):
        problem = _leave_told(note, [was for check in told for was in undone.pop(check, [])], problem)
        for check in told:
            results[check].setdefault('message', problem)
    return {'changed': any(result['changed'] for result in results.values()), 'checks': results}


def _take_back_told(run, made, results, notes, failed):
    """What a daemon does not run with is not left to it: it would not come back after the next boot, and the check would pass. All that were
    told of a change hear that it is gone."""
    problems = {}
    for _, told, problem in failed:
        for check in told:
            if 'message' not in results[check]:
                problems.setdefault(check, problem)
    for check in reversed([check for check in results if check in problems]):
        results[check].update(message=f'{problems[check]}, so the change was reverted', refused=True)
        results[check].pop('said', None)
        run.start(check, made[check])
        _take_back(run, results[check])
    concerned = {note: [check for check in told if check in problems] for note, told in notes.items()}
    recovering = {note for note, _, _ in failed}
    tell = lambda *note: (notify.recover if note[:2] in recovering else notify.tell)(*note)  # noqa: E731
    for _, told, problem in _notify({note: told for note, told in concerned.items() if told}, False, tell):
        for check in told:
            results[check].update(message=f'{results[check]["message"]}; {problem}', refused=False)


def _leave_told(note, undone, problem):
    """A daemon that runs does not end by undoing: the files with which it does not start stay as they were until now. Returns what is told."""
    if not undone:
        return problem
    try:
        for one in reversed(undone):
            files.again(one['path'], one['was'])
        notify.recover(*note)
        return f'{problem}, so {", ".join(one["path"] for one in undone)} {"is" if len(undone) == 1 else "are"} left as the run had changed {"it" if len(undone) == 1 else "them"}'
    except Exception as error:  # pylint: disable=broad-except
        return f'{problem}; {sentence(error)}'


def _take_back(run, result):
    """A check is made whole or not at all."""
    stays = []
    for record in reversed(run.records()):
        try:
            KINDS[record['do']].undo(record, run)
        except Exception as error:  # pylint: disable=broad-except
            result['message'] += f'; part of the change remains: {sentence(error)}'
            result['refused'] = False
            stays.insert(0, record)
    result['changed'] = bool(stays)
    run.start(run.check, stays)
    try:
        run.save()
    except Refused:
        pass  # What is kept tells more than what stays, and undoing finds the rest as it was.


def _notify(notes, only_checks, tell=notify.tell):
    """Returns what was not taken: unit and action, the checks that told it, and why. systemd reads its units again before others are told."""
    if only_checks:
        return []
    failed = []
    units = {note[0]: list(dict.fromkeys(checks)) for note, checks in notes.items() if note[1] == 'daemon-reload'}
    try:
        unusable = notify.reload_units(list(units)) if units else {}
    except Exception as error:  # pylint: disable=broad-except
        unusable = dict.fromkeys(units, sentence(error))
    failed += [((unit, 'daemon-reload'), units[unit], problem) for unit, problem in unusable.items()]
    for (unit, action, rewrites), checks in notes.items():
        if action == 'daemon-reload':
            continue
        try:
            tell(unit, action, rewrites)
        except Exception as error:  # pylint: disable=broad-except
            failed.append(((unit, action), list(dict.fromkeys(checks)), sentence(error)))
    return failed


def sentence(error):
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f'{error.filename}: {error.strerror}' if error.filename else error.strerror
    return f'{type(error).__name__}: {error}'
