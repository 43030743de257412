import sys
import time
from pathlib import Path

import pytest

from plugfest.embedded.long_program import follow

SPEAK = "import time; print('first', flush=True); time.sleep(1.3); print('second', flush=True); raise SystemExit(3)"
LAST = "import signal, sys, time; signal.signal(15, lambda *_: sys.exit('cleaned up')); print('on', flush=True); "
LAST += "time.sleep(60)"


def test_what_a_program_says_is_told_and_kept(tmp_path: Path) -> None:
    said: list[str] = []
    assert follow([sys.executable, "-c", SPEAK], tmp_path / "log", said.append) == 3
    assert [line.split()[-1] for line in said][:1] == ["first"]
    assert (tmp_path / "log").read_text() == "first\nsecond\n"


def test_an_interruption_ends_the_program_in_good_order(tmp_path: Path) -> None:
    def interrupt(line: str) -> None:
        if "on" in line:
            raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        follow([sys.executable, "-c", LAST], tmp_path / "log", interrupt)
    assert (tmp_path / "log").read_text() == "on\ncleaned up\n"
    assert time.monotonic() - began < 30
