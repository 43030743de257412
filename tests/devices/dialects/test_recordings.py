"""Every recorded output becomes exactly the records beside it; a broken one names the line that is broken."""

import pytest

from plugfest.devices.dialects import registry
from plugfest.errors import ParseError
from tests.devices.dialects.saved import Saved, saved


@pytest.mark.parametrize("recording", saved("good"), ids=str)
def test_good_recording_becomes_its_records(recording: Saved) -> None:
    assert recording.parse(recording.text) == recording.expected
    assert recording.expected, "a recording that proves nothing"


@pytest.mark.parametrize("recording", saved("bad"), ids=str)
def test_bad_recording_names_device_command_line_and_text(recording: Saved) -> None:
    with pytest.raises(ParseError) as caught:
        recording.parse(recording.text)
    message, line = str(caught.value), recording.expected["line"]
    assert message.startswith(f"leaf1: {recording.command!r}: ")
    if line is not None:
        assert f": line {line}: " in message
        assert repr(recording.text.split("\n")[line - 1].rstrip()) in message


ELSEWHERE = ("asternos", "collective")
"""SONiC's readings again; benchmarks, which have tests of their own."""


def test_every_reading_has_a_good_and_a_bad_recording() -> None:
    good = [each for each in saved("good") if each.dialect.name not in ELSEWHERE]
    seen = {(each.dialect.name, each.dialect.find(each.command)[0].command) for each in good}
    known = {
        (dialect.name, reading.command)
        for dialect in (*registry.dialects(), *registry.host_dialects())
        if dialect.name not in ELSEWHERE
        for reading in dialect.readings
    }
    assert seen == known
    assert {each.file.parent for each in saved("good")} == {each.file.parent for each in saved("bad")}
