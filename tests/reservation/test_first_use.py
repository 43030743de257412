"""A lab database that many open for the first time at once, and that is older than the reservations."""

import multiprocessing
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier

from sqlalchemy import create_engine, inspect, text

from plugfest.history.database import LabDatabase, open_database
from plugfest.history.tables import Format, Run
from plugfest.reservation.leases import Leases
from tests.reservation.claims import needs, run_of

FORK = multiprocessing.get_context("fork")
PROCESSES = 16


def opens(url: str, together: Barrier, number: int) -> None:
    together.wait()
    database = LabDatabase(url)
    Leases(database).acquire("lab", run_of(), needs(f"d{number}"), "first use")
    database.close()


def test_many_make_the_tables_at_the_same_moment(database_url: str) -> None:
    together = FORK.Barrier(PROCESSES)
    processes = [FORK.Process(target=opens, args=(database_url, together, number)) for number in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    with open_database(database_url) as session:
        assert [row.version for row in session.query(Format)] == [1]


def test_results_are_kept_in_both_kinds(database_url: str) -> None:
    started = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)
    with open_database(database_url) as session:
        session.add(Run(id="r1", lab="lab", kind="nightly", started=started, harness="1", folder="/runs/r1"))
    with open_database(database_url) as session:
        [run] = session.query(Run)
        # SQLite keeps no time zone
        assert (run.started if run.started.tzinfo else run.started.replace(tzinfo=UTC)) == started


def test_an_older_database_gets_the_new_tables_and_keeps_its_results(database: LabDatabase, database_url: str) -> None:
    with database.session() as session:
        session.add(Run(id="r1", lab="lab", kind="x", started=datetime.now(UTC), harness="1", folder="/runs/r1"))
    url = database_url.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in ("want", "claim", "abandoned"):
            connection.execute(text(f"DROP TABLE {table}"))
    with open_database(database_url) as session:
        assert session.query(Run).count() == 1
    assert {"want", "claim", "abandoned"} <= set(inspect(engine).get_table_names())
    engine.dispose()
