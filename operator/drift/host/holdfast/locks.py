"""Locks that other programs of the host take too, while they change what is changed here."""

import fcntl
import time

from .refused import Refused


def take(opened, seconds, what):
    """Waits for the lock on an open file, which closing it lets go of. Refuses when it is not free in time; `what` says who has it."""
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError:
            if time.monotonic() > end:
                raise Refused(what) from None
            time.sleep(0.1)
