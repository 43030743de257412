"""A journal that only tells what would be changed: with it, nothing is."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import psutil

from plugfest.devices.changes import Change
from plugfest.reservation.journal import Owner, UndoJournal


class Rehearsal(UndoJournal):
    """Takes the place of the undo journal: every change comes here first, and ends here."""

    def __init__(self, lab: str, refuse: Callable[[Change], NoReturn]) -> None:
        """`refuse` tells the change and ends the test."""
        started = psutil.Process().create_time()
        super().__init__(Path(os.devnull), Owner(pid=os.getpid(), process_started=started, lab=lab))
        self._refuse = refuse

    def before(self, change: Change) -> NoReturn:
        """Tell the change instead of writing it down."""
        self._refuse(change)

    def close(self) -> None:
        """There is no file to remove."""
