"""Golden tests: every broken lab file under ``broken/`` gives exactly the message beside it."""

from pathlib import Path

import pytest

from plugfest.errors import InventoryError
from plugfest.inventory.loader import load
from plugfest.inventory.problems import LabFileError

BROKEN = Path(__file__).parent / "broken"
FILES = sorted(BROKEN.glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_message_is_the_golden_one(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN)
    with pytest.raises(LabFileError) as caught:
        load(file.name)
    assert str(caught.value) + "\n" == file.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_line_says_where_what_and_how_to_mend_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN)
    with pytest.raises(InventoryError) as caught:
        load(file.name)
    for line in str(caught.value).splitlines():
        assert line.startswith(f"{file.name}:")
        assert "expected " in line and ", found " in line and " – " in line
        assert "hunter2" not in line, "a secret of the file must never be printed"
    last_line = file.read_text(encoding="utf-8").count("\n")
    assert all(1 <= problem.line <= max(last_line, 1) for problem in caught.value.problems)


def test_there_are_enough_of_them_and_none_is_orphaned() -> None:
    assert len(FILES) >= 30
    assert {file.stem for file in BROKEN.glob("*.txt")} == {file.stem for file in FILES}
