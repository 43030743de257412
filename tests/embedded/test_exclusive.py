import subprocess
import sys
from pathlib import Path

import pytest

from plugfest.embedded.exclusive import exclusive
from plugfest.errors import EmbeddedLabError

HOLD = """
import sys
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_another_process_is_told_and_a_killed_one_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdin is not None and holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    said: list[str] = []
    with (
        pytest.raises(EmbeddedLabError, match=r"another process builds since more than 0.2 s; it holds .*lock"),
        exclusive(path, "builds", said.append, patience=0.2),
    ):
        pytest.fail("two processes held the lock")
    assert said == ["another process builds; waiting for it"]
    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    said.clear()
    with exclusive(path, "builds", said.append):
        assert said == []
