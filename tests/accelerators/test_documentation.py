"""The page about accelerators says what the code can do, and the code tells what the recordings show."""

import re
from pathlib import Path

import pytest

from plugfest.accelerators.detection import families, family_of_maker
from plugfest.accelerators.family import Family
from plugfest.accelerators.records import Accelerator
from plugfest.accelerators.support_page import with_tables
from plugfest.devices.dialects import registry
from plugfest.devices.dialects.support import ORDER
from tests.devices.dialects.saved import saved

PAGE = Path(__file__).parents[2] / "docs" / "accelerators.md"
IDENTITY = ("index", "chip", "physical_id", "health_words")


def test_the_generated_tables_are_current() -> None:
    page = PAGE.read_text()
    assert with_tables(page) == page, "run: python -m plugfest.accelerators.support_page docs/accelerators.md"
    assert all(f"`{each.name}`" in page for each in families())


@pytest.mark.parametrize("known", families(), ids=lambda known: known.name)
def test_what_a_family_tells_is_what_its_recordings_show(known: Family) -> None:
    shown: dict[str, str] = {}
    for each in saved("good"):
        if each.dialect.name != known.name:
            continue
        evidence = each.dialect.find(each.command)[0].evidence
        for record in each.expected:
            unreadable = (record.get("health_words") or "").endswith("cannot be read")
            for name in Accelerator.model_fields.keys() - IDENTITY if record["record"] == "Accelerator" else ():
                if record[name] is not None and not (name == "health" and unreadable):
                    shown[name] = min(shown.get(name, evidence), evidence, key=ORDER.index)
    assert {name: evidence for evidence, names in known.tells.items() for name in names} == shown


def test_the_commands_and_makers_in_the_page_are_known() -> None:
    page = PAGE.read_text()
    found = re.findall(r"device parse --dialect (\w+) --command '([^']+)'", page)
    assert len(found) == 2
    for dialect, command in found:
        registry.dialect(dialect).find(command)
    for maker in re.findall(r"- \{vendor: (\w+), model: \w+, count", page):
        assert family_of_maker(maker)
