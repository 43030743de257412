"""What is not as it was the night before."""

from plugfest.errors import PlugfestError
from plugfest.records import Record


class Changes(Record):
    """Tests whose outcome turned, by the lab database."""

    new: tuple[str, ...] = ()
    """Wrong now, right the last time before."""
    fixed: tuple[str, ...] = ()
    """Right now, not right the last time before."""


def changes_of(run: str) -> Changes:
    """Changes in a stored run; none if the database is out of reach or does not know it."""
    from plugfest.history.database import open_database
    from plugfest.matrix.entries import collect

    try:
        with open_database() as database:
            entries = collect(database, run).entries
    except PlugfestError:
        return Changes()
    return Changes(
        new=tuple(entry.test for entry in entries if entry.is_new),
        fixed=tuple(entry.test for entry in entries if entry.is_fixed),
    )
