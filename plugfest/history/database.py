"""Opens the lab database: SQLite in the state folder, or what PLUGFEST_DB names."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from plugfest.errors import PlugfestError
from plugfest.folders import state_folder
from plugfest.history.tables import FORMAT, Base, Format

VARIABLE = "PLUGFEST_DB"
PATIENCE_SECONDS = 30
"""How long a writer waits for another one."""


class DatabaseError(PlugfestError):
    """The lab database cannot be reached or holds another format; evidence and results are not affected."""

    exit_code = 8


def database_url() -> str:
    """SQLAlchemy URL from ``PLUGFEST_DB``, else an SQLite file in the state folder."""
    given = os.environ.get(VARIABLE)
    if given:
        return given
    state_folder().mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{state_folder() / 'lab.db'}"


@contextmanager
def open_database(url: str | None = None) -> Iterator[Session]:
    """A session whose changes are kept together when the block ends, or not at all; DatabaseError if that fails."""
    url = url or database_url()
    try:
        engine = _engine(url)
        Base.metadata.create_all(engine)
        with Session(engine) as session, session.begin():
            _check_format(session)
            yield session
    except ArgumentError:
        raise DatabaseError(f"{VARIABLE}: expected an SQLAlchemy URL such as sqlite:////srv/lab.db") from None
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        where = url.rpartition("@")[2]  # without user and password
        raise DatabaseError(f"lab database {where}: {str(error).splitlines()[0]}") from None


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url)
    engine = create_engine(url, connect_args={"timeout": PATIENCE_SECONDS})
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = ON"))
    return engine


def _check_format(session: Session) -> None:
    found = session.query(Format).one_or_none()
    if found is None:
        session.add(Format(version=FORMAT))
    elif found.version != FORMAT:
        raise DatabaseError(
            f"the lab database has format {found.version}, this version reads {FORMAT} – name a new one in {VARIABLE} "
            "and fill it from evidence with `plugfest history --add RUN`"
        )
