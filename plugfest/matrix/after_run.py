"""What is done with a run that has ended: into the lab database, onto the matrix."""

from plugfest.errors import PlugfestError
from plugfest.evidence.folder import EvidenceFolder

MATRIX = "matrix.html"


def remember(evidence: EvidenceFolder, report_follows: bool) -> str:
    """Store a run and draw the matrix after it; what to tell of that.

    A database out of reach costs the history, never the run: `plugfest history --add` makes up for it.
    """
    from plugfest.history.database import open_database
    from plugfest.history.storing import store_run
    from plugfest.matrix.page import write_page

    try:
        with open_database() as database:
            store_run(database, evidence)
            page = write_page(database, evidence.run.run, evidence.path.parent / MATRIX, report_follows=report_follows)
    except PlugfestError as error:
        return f"NOT IN THE LAB DATABASE: {error}"
    return f"matrix:  {page}"
