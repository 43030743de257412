"""A real PostgreSQL server from Debian's package, in a temporary folder, reached through a socket in it."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from plugfest.sessions.deadline import Deadline

UNPRIVILEGED = "nobody"
"""The server refuses to run as root."""
START_SECONDS = 60.0


class PostgresqlServer:
    """Started at once; ended by `stop`."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="plugfest-postgresql-"))
        self._as = _other_user(self._folder) if os.getuid() == 0 else {}
        self._names = (f"lab{number}" for number in count(1))
        self._call("initdb", "--pgdata=data", "--username=lab", "--auth=trust", "--encoding=UTF8", "--locale=C")
        settings = ("listen_addresses=", f"unix_socket_directories={self._folder}", "max_connections=200")
        options = [word for setting in settings for word in ("-c", setting)]
        with (self._folder / "log").open("wb") as log:
            command = [_program("postgres"), "-D", "data", *options]
            self._process = subprocess.Popen(command, cwd=self._folder, stdout=log, stderr=log, **self._as)
        Deadline("PostgreSQL accepts connections", START_SECONDS).wait_for(self._accepts)

    def new_database(self) -> str:
        """URL of an empty database."""
        name = next(self._names)
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://lab@/{name}?host={self._folder}"

    def stop(self) -> None:
        """Fast shutdown: clients are disconnected."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)
        shutil.rmtree(self._folder)

    @property
    def _address(self) -> str:
        return f"host={self._folder} user=lab dbname=postgres"

    def _accepts(self) -> bool:
        assert self._process.poll() is None, (self._folder / "log").read_text()
        try:
            psycopg.connect(self._address).close()
        except psycopg.OperationalError:
            return False
        return True

    def _call(self, program: str, *arguments: str) -> None:
        command = [_program(program), *arguments]
        done = subprocess.run(command, cwd=self._folder, capture_output=True, text=True, check=False, **self._as)
        assert done.returncode == 0, done.stderr


def _other_user(folder: Path) -> dict[str, Any]:
    user = pwd.getpwnam(UNPRIVILEGED)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _program(name: str) -> Path:
    """From the newest version that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    assert found, "install the package postgresql"
    return found[-1]
