from pathlib import Path

import pytest

from plugfest.embedded.mirror import mirror


@pytest.fixture(autouse=True)
def _no_override(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLUGFEST_DEBIAN_MIRROR", raising=False)


def _apt(folder: Path, name: str, text: str) -> Path:
    (folder / "sources.list.d").mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return folder


def test_the_machine_s_own_mirror_is_used(tmp_path: Path) -> None:
    text = "Types: deb\nURIs: http://tools.example/apt http://mirror.example/debian\nSuites: bookworm\n"
    assert mirror(_apt(tmp_path, "sources.list.d/debian.sources", text)) == "http://mirror.example/debian"


def test_the_one_line_format_is_understood(tmp_path: Path) -> None:
    text = "# deb http://old.example/debian sid main\ndeb [arch=amd64] https://mirror.example/debian/ stable main\n"
    assert mirror(_apt(tmp_path, "sources.list", text)) == "https://mirror.example/debian/"


def test_other_distributions_use_the_default(tmp_path: Path) -> None:
    assert mirror(_apt(tmp_path, "sources.list", "deb http://archive.example/ubuntu noble main\n")) is None


def test_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUGFEST_DEBIAN_MIRROR", "http://near.example/debian")
    assert (
        mirror(_apt(tmp_path, "sources.list", "deb http://far.example/debian x main\n")) == "http://near.example/debian"
    )
