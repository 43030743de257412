"""Opens the lab database: SQLite in the state folder, or what PLUGFEST_DB names; one code for SQLite and PostgreSQL.

SQLite serves one machine; several controllers share a PostgreSQL server.  Any number of processes may open either for
the first time at the same moment.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, make_url, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

import plugfest.reservation.tables  # noqa: F401 - its tables belong to the database too
from plugfest.errors import PlugfestError
from plugfest.folders import private, state_folder
from plugfest.history.tables import FORMAT, Base, Format

VARIABLE = "PLUGFEST_DB"
PATIENCE_SECONDS = 30
"""How long a writer waits for another one, and anybody for the server."""
LOCK_NUMBER = 0x706C7567
"""Advisory lock of PostgreSQL that makes writers wait for each other: ``plug`` in ASCII."""


class DatabaseError(PlugfestError):
    """The lab database cannot be reached or holds another format; evidence and results are not affected."""

    exit_code = 8


def database_url() -> str:
    """SQLAlchemy URL from ``PLUGFEST_DB``, else an SQLite file in the state folder."""
    given = os.environ.get(VARIABLE)
    if given:
        return given
    return f"sqlite:///{private(state_folder()) / 'lab.db'}"


class LabDatabase:
    """The lab database with its tables in place; DatabaseError if it cannot be used."""

    def __init__(self, url: str | None = None) -> None:
        self._url = url or database_url()
        with self._in_our_words():
            self._engine = _engine(self._url)
            _prepare(self._engine)

    @contextmanager
    def session(self, alone: bool = False) -> Iterator[Session]:
        """A session whose changes are kept together when the block ends, or not at all; DatabaseError if that fails.

        With `alone` no other such session runs meanwhile, and nothing it reads changes.
        """
        with self._in_our_words(), ExitStack() as stack:
            if alone:
                stack.enter_context(_turn(self._engine))
            session = stack.enter_context(Session(self._engine))
            stack.enter_context(session.begin())
            if alone:
                _wait_for_others(session.connection())
            yield session

    def close(self) -> None:
        """Close its connections."""
        self._engine.dispose()

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except ArgumentError:
            raise DatabaseError(
                f"{VARIABLE}: expected an SQLAlchemy URL such as sqlite:////srv/lab.db or postgresql://user@host/name"
            ) from None
        except (SQLAlchemyError, ModuleNotFoundError) as error:
            where = self._url.rpartition("@")[2]  # without user and password
            raise DatabaseError(f"lab database {where}: {str(error).splitlines()[0]}") from None


@contextmanager
def open_database(url: str | None = None) -> Iterator[Session]:
    """One session of the lab database; see `LabDatabase.session`."""
    database = LabDatabase(url)
    try:
        with database.session() as session:
            yield session
    finally:
        database.close()


def now(session: Session) -> float:
    """The time in seconds since the epoch by the database's clock, the only one that all its users share."""
    if session.connection().dialect.name == "postgresql":
        return float(session.scalar(text("SELECT extract(epoch FROM clock_timestamp())")))
    return float(session.scalar(text("SELECT (julianday('now') - 2440587.5) * 86400.0")))


def _engine(given: str) -> Engine:
    url = make_url(given)
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": PATIENCE_SECONDS})
    engine = create_engine(url, connect_args={"timeout": PATIENCE_SECONDS})
    event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: DBAPIConnection, _: object) -> None:
    """Readers and the writer do not wait for each other; a power cut may cost the last moments, never the file."""
    cursor = connection.cursor()
    for setting in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """One writer of an SQLite file at a time: SQLite itself lets writers try again and again, and some never succeed.

    The system frees the lock of a process that is gone.
    """
    if engine.dialect.name != "sqlite" or not engine.url.database:
        yield
        return
    with Path(f"{engine.url.database}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _prepare(engine: Engine) -> None:
    with engine.connect() as connection:
        with connection.begin():
            complete = Base.metadata.tables.keys() <= set(inspect(connection).get_table_names())
        if not complete:
            _create(connection)
        with connection.begin():
            found = connection.scalar(select(Format.version))
    if found != FORMAT:
        raise DatabaseError(
            f"the lab database has format {found}, this version reads {FORMAT} – name a new one in {VARIABLE} "
            "and fill it from evidence with `plugfest history --add RUN`"
        )


def _create(connection: Connection) -> None:
    """Make missing tables, once however many processes try."""
    with _turn(connection.engine), connection.begin():
        _wait_for_others(connection)
        Base.metadata.create_all(connection)
        if connection.scalar(select(Format.version)) is None:
            connection.execute(insert(Format).values(version=FORMAT))


def _wait_for_others(connection: Connection) -> None:
    """Hold the database's one lock until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK_NUMBER})
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
