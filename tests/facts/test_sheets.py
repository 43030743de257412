"""Device facts as files: what they may say, which one speaks of a NIC, and what a mistake in them is told like."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugfest.errors import UsageError
from plugfest.facts.library import FOLDER, library, sheet_of
from plugfest.facts.sheet import Devices, Standing
from plugfest.inventory.loader import load

SHEET = """\
version: 1
applies_to: {{vendor: Acme, model: {model}, firmware: "{firmware}"}}
facts:
  migreq: {{value: {migreq}, source: "manual 3.1", standing: documented}}
"""


def write(folder: Path, name: str, model: str = "N1", firmware: str = "*", migreq: object = 1) -> None:
    (folder / f"{name}.yaml").write_text(SHEET.format(model=model, firmware=firmware, migreq=migreq))


def test_every_sheet_of_the_project_is_sound_and_names_its_sources() -> None:
    sheets = library(FOLDER)
    assert len(sheets) >= 6
    for sheet in sheets.values():
        assert sheet.behaviour.known.keys() == sheet.facts.keys()
        assert all(fact.source for fact in sheet.facts.values())


def test_the_embedded_lab_has_facts_of_its_nics() -> None:
    nic = load("embedded").lab.hosts["h1"].nics[0]
    sheet = sheet_of(nic.vendor, nic.model, nic.firmware)
    assert sheet is not None
    assert sheet.behaviour.migreq == 0
    assert sheet.facts["migreq"].standing is Standing.MEASURED


def test_the_most_exact_sheet_speaks(tmp_path: Path) -> None:
    write(tmp_path, "all", model="N*", migreq=0)
    write(tmp_path, "model", model="N1", migreq=0)
    write(tmp_path, "firmware", model="N1", firmware="22.*", migreq=1)
    found = {firmware: sheet_of("ACME", "n1", firmware, tmp_path) for firmware in ("22.7", "21.0")}
    assert [sheet.behaviour.migreq for sheet in found.values() if sheet] == [1, 0]
    assert sheet_of("Acme", "X9", "1", tmp_path) is None
    assert sheet_of("Acme", "N7", "1", tmp_path) == library(tmp_path)["all"]


def test_two_sheets_of_one_device_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "one")
    write(tmp_path, "other")
    with pytest.raises(UsageError, match="one and other speak of the same devices – merge them"):
        library(tmp_path)


@pytest.mark.parametrize(
    ("migreq", "words"),
    [(2, r"wrong\.yaml:1: document: .*facts: migreq: Input should be 0 or 1"), ("[1]", "facts: migreq")],
)
def test_a_wrong_value_is_told_with_its_file(tmp_path: Path, migreq: object, words: str) -> None:
    write(tmp_path, "wrong", migreq=migreq)
    with pytest.raises(UsageError, match=words):
        library(tmp_path)


def test_an_unknown_fact_is_told_with_the_known_ones(tmp_path: Path) -> None:
    text = SHEET.format(model="N1", firmware="*", migreq=1).replace("migreq", "migrec")
    (tmp_path / "wrong.yaml").write_text(text)
    with pytest.raises(UsageError, match="migrec – expected one of migreq, initial_ttl"):
        library(tmp_path)


def test_a_floor_needs_the_model_that_has_one(tmp_path: Path) -> None:
    text = SHEET.format(model="N1", firmware="*", migreq=1).replace("migreq: {value: 1", "timeout_floor_ms: {value: 4")
    (tmp_path / "wrong.yaml").write_text(text)
    with pytest.raises(UsageError, match="timeout_floor_ms is for the timeout_model floor"):
        library(tmp_path)


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_a_name_without_wildcards_speaks_of_itself(vendor: str, model: str, firmware: str) -> None:
    plain = [name.translate({ord(sign): "-" for sign in "[]*?"}) + "x" for name in (vendor, model, firmware)]
    assert Devices(vendor=plain[0], model=plain[1], firmware=plain[2]).include(*plain)
