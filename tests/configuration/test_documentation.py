"""The page about configuration says what the code can do."""

import re
from pathlib import Path

from plugfest.configuration.dialects import STYLES
from plugfest.configuration.intent_file import intents, load_intent
from plugfest.configuration.support_page import with_tables

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_the_tables_are_current() -> None:
    page = PAGE.read_text()
    assert with_tables(page) == page, "run: python -m plugfest.configuration.support_page docs/configuration.md"
    assert all(f"### `{name}`" in page for name in STYLES)


def test_the_example_is_the_intent_of_that_name(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    file = tmp_path / "example.yaml"
    file.write_text(example)
    assert load_intent(str(file)) == load_intent("lossless_roce")


def test_every_intent_begins_with_what_it_is_for() -> None:
    assert all(file.read_text().startswith("# ") for file in intents().values())
