"""`reload`: a daemon that has not read its files since they changed is told to, by what the change notifies. What it ran with is then gone."""

from .commands import systemctl
from .refused import Refused


def make(change, seen, run):
    """Makes the change; tells whether the daemon that was seen still runs. `seen` is its process id."""
    unit = change['unit']
    code, said, _ = systemctl('show', '--property=MainPID', '--', unit)
    if code or said.strip() != f'MainPID={seen}':
        raise Refused(f'{unit} has restarted since Holdfast evaluated it; it will be evaluated again')
    if not run.only_checks:
        run.begin({'do': 'reload', 'unit': unit, 'after': seen})
    return True


def undo(record, _run):
    """What the daemon ran with before stands nowhere."""
    raise Refused(f'{record["unit"]} has read its files, and its previous configuration is not recorded: it continues with the current files')
