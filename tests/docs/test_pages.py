"""What README.md and docs/ say is true: links lead somewhere, commands exist, examples run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
COMMAND = re.compile(r"^(?:\./run )?plugfest((?: [a-z][a-z-]+)+)", re.MULTILINE)


def shell_blocks(page: Path) -> str:
    return "\n".join(re.findall(r"^```(?:sh|console|bash)\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert missing == []


def commands() -> list[str]:
    found = {words for page in PAGES for words in COMMAND.findall(shell_blocks(page))}
    return sorted(words.strip() for words in found)


@pytest.mark.parametrize("words", commands())
def test_commands_exist(words: str) -> None:
    """The first words name a command; later ones may be arguments."""
    command = [sys.executable, "-m", "plugfest"]
    for word in words.split():
        listed = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True).stdout
        if not re.search(rf"^\W*{re.escape(word)}\s", listed, re.MULTILINE):
            break
        command.append(word)
    assert len(command) > 3, f"plugfest has no command {words.split()[0]!r}"


def test_there_are_commands_to_check() -> None:
    assert {"lab up", "capture summary", "inventory check"} <= {" ".join(each.split()[:2]) for each in commands()}


def test_the_examples_of_the_test_guide_run() -> None:
    page = (PROJECT / "docs" / "writing-a-test.md").read_text()
    blocks = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 5
    names: dict[str, object] = {}
    for block in blocks:
        code = compile(block, "docs/writing-a-test.md", "exec")
        if "def test_something_with_a_link_down" not in block:
            exec(code, names)


def test_run_says_how_it_is_used() -> None:
    usage = subprocess.run([PROJECT / "run"], capture_output=True, text=True, check=False)
    assert usage.returncode == 2
    assert "./run lab" in usage.stdout
