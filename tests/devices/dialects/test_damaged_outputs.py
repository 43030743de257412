"""Damaged outputs: the right records or a ParseError, never a wrong number."""

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugfest.devices.dialects import registry
from plugfest.errors import CommandError, ParseError
from tests.devices.dialects.saved import Saved, saved

GOOD = saved("good")
CUTS = 25
"""Cuts and corrupted digits tried per recording, drawn with a fixed seed."""


def numbers(value: Any, place: str = "") -> Iterator[tuple[str, float]]:
    """Every number of some records with its place."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from numbers(inner, f"{place}.{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from numbers(inner, f"{place}[{index}]")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield place, value


def parsed(recording: Saved, text: str) -> list[dict[str, Any]] | None:
    try:
        return recording.parse(text)
    except (ParseError, CommandError):
        return None


def identity(record: dict[str, Any]) -> tuple[object, ...]:
    """What a record is about, without what was measured."""
    names = ("record", "port", "name", "queue", "priority", "prefix", "neighbor", "index", "part", "local_port",
             "priority_group", "reason", "direction", "color", "group", "dscp", "place", "device", "object", "address",
             "port_id", "chip", "accelerator", "process_id", "peer", "bus")  # fmt: skip
    return tuple(record.get(name) for name in names)


@pytest.mark.parametrize("recording", GOOD, ids=str)
def test_a_letter_in_a_number_never_becomes_another_number(recording: Saved) -> None:
    text, good = recording.answer, recording.parse()
    digits = [place for place, character in enumerate(text) if character.isdigit()]
    known = dict(numbers(good))
    for place in random.Random(7).sample(digits, min(CUTS, len(digits))):
        found = parsed(recording, f"{text[:place]}x{text[place + 1 :]}")
        if found is not None and len(found) == len(good):
            same_names = {name: number for name, number in numbers(found) if ".details." not in name}
            assert same_names.items() <= known.items()


@pytest.mark.parametrize("recording", GOOD, ids=str)
def test_an_output_cut_anywhere_never_gives_another_number(recording: Saved) -> None:
    text = recording.answer
    known = {identity(record): dict(numbers(record)) for record in recording.parse()}
    for place in random.Random(11).sample(range(1, len(text)), min(CUTS, len(text) - 1)):
        for record in parsed(recording, text[:place]) or []:
            if identity(record) in known:
                assert dict(numbers(record)).items() <= known[identity(record)].items()


@pytest.mark.parametrize("recording", GOOD, ids=str)
def test_a_foreign_line_is_refused_with_its_number(recording: Saved) -> None:
    lines = recording.answer.split("\n")
    middle = len(lines) // 2
    with pytest.raises((ParseError, CommandError)):
        recording.parse("\n".join([*lines[:middle], "\x01 ?? 4711 zzz", *lines[middle:]]))


@pytest.mark.parametrize("recording", GOOD, ids=str)
def test_pager_marks_and_backspaces_change_nothing(recording: Saved) -> None:
    lines = recording.answer.split("\n")
    pager = "  ---- More ----" if recording.dialect.name in ("huawei_vrp", "h3c_comware") else "--More--"
    wiped = "\b" * len(pager) + " " * len(pager) + "\b" * len(pager)
    paged = "\r\n".join(
        f"{pager}{wiped}{line}" if number % 3 == 2 and line else line for number, line in enumerate(lines)
    )
    assert recording.parse(paged) == recording.expected


@pytest.mark.parametrize("recording", GOOD, ids=str)
def test_echo_and_prompts_around_the_output_change_nothing(recording: Saved) -> None:
    prompt = {"huawei_vrp": "<leaf1>", "h3c_comware": "<leaf1>", "sonic": "admin@leaf1:~$ "}
    prompt |= {"cumulus_nvue": "cumulus@leaf1:mgmt:~$ "} | dict.fromkeys(registry.HOSTS, "root@gpu1:~# ")
    shown = prompt.get(recording.dialect.name, "leaf1#")
    assert recording.parse(f"{shown}{recording.command}\n{recording.answer}{shown}") == recording.expected


@pytest.mark.parametrize("recording", GOOD, ids=str)
def test_no_output_is_not_an_empty_answer(recording: Saved) -> None:
    for nothing in ("", "\n", "  \n\n"):
        with pytest.raises(ParseError, match="printed nothing"):
            recording.parse(nothing)


@pytest.mark.parametrize("recording", GOOD, ids=str)
def test_shuffled_lines_never_give_a_number_that_is_not_there(recording: Saved) -> None:
    lines = recording.answer.rstrip("\n").split("\n")
    random.Random(13).shuffle(lines)
    known = {value for _, value in numbers(recording.parse())}
    found = parsed(recording, "\n".join(lines) + "\n") or []
    said = {float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", recording.answer)}
    for place, value in numbers(found):
        if not re.search(r"(bytes|seconds|bits_per_second|_mbps|lane|asn|alpha)", place):
            assert abs(value) in said | {abs(number) for number in known} | set(range(8)), place


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(GOOD), st.text(alphabet="|-+ \t\b\r\n0123456789abcXYZ:/.,<>[]#%^", max_size=300))
def test_garbage_is_refused(recording: Saved, garbage: str) -> None:
    assert not parsed(recording, garbage)


def said_of(record: object) -> set[tuple[str, float]]:
    """Every number with its place; the order within a plain list, such as the priorities of a profile, is no place."""
    return {(re.sub(r"\[\d+\]$", "[]", place), value) for place, value in numbers(record)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(GOOD), st.data())
def test_a_lost_cell_is_noticed_or_leaves_the_other_numbers_alone(recording: Saved, data: st.DataObject) -> None:
    text = recording.answer
    cells = list(re.finditer(r"(?<=\s)\d[\d,.]*(?=\s)", text))
    if not cells:
        return
    cell = data.draw(st.sampled_from(cells))
    known = {identity(record): said_of(record) for record in recording.parse()}
    for record in parsed(recording, text[: cell.start()] + text[cell.end() :]) or []:
        if identity(record) in known:
            assert said_of(record) <= known[identity(record)]
