"""The recordings of outputs of switches and hosts beside the tests, and what each must become."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugfest.devices.dialects import registry
from plugfest.devices.dialects.dialect import Dialect

TESTS = Path(__file__).parents[2]
FOLDERS = (TESTS / "devices" / "dialects" / "recordings", *sorted(TESTS.glob("*/recordings")))


@dataclass(frozen=True)
class Saved:
    """One recording: a text file with its dialect and command in the first lines."""

    file: Path

    @property
    def text(self) -> str:
        return self.file.read_text()

    @property
    def command(self) -> str:
        found = re.search(r"^# command: (.+)$", self.text, re.MULTILINE)
        assert found, self.file
        return found[1]

    @property
    def dialect(self) -> Dialect:
        return registry.dialect(self.file.parts[-3])

    @property
    def answer(self) -> str:
        """The text without the lines that describe it."""
        return re.sub(r"\A(?:# .*\n)+", "", self.text)

    @property
    def expected(self) -> Any:
        return json.loads(self.file.with_suffix(".json").read_text())

    def parse(self, text: str | None = None) -> list[dict[str, Any]]:
        records = self.dialect.parse(self.command, self.answer if text is None else text, device="leaf1")
        return [{"record": type(record).__name__, **record.model_dump(mode="json")} for record in records]

    def __str__(self) -> str:
        return "-".join(self.file.with_suffix("").parts[-3:])


def saved(kind: str) -> list[Saved]:
    """All recordings whose file name begins with `kind`: good or bad."""
    files = (file for folder in FOLDERS for file in sorted(folder.glob(f"*/*/{kind}_*.txt")))
    return [Saved(file) for file in files if file.parts[-3] in (*registry.NAMES, *registry.HOSTS)]
