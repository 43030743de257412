from pathlib import Path

import pytest

from plugfest.captures.silence import longest_silence_s
from tests.captures.frames import Conversation, conversation

SECOND = 1_000_000_000


def silence(talk: Conversation, tmp_path: Path) -> float | None:
    return longest_silence_s(talk.save(tmp_path / "talk.pcap"))


def test_the_longest_silence_is_between_two_requests(tmp_path: Path) -> None:
    talk = conversation()
    for psn, wait in enumerate((1, 3, 2, 1)):
        talk.write(psn, "only", 1)
        talk.wait(wait * SECOND)
    assert silence(talk, tmp_path) == pytest.approx(3, abs=0.01)


def test_answers_do_not_break_a_silence(tmp_path: Path) -> None:
    talk = conversation()
    talk.write(0, "only", 1)
    talk.wait(SECOND)
    talk.ack(0)
    talk.wait(SECOND)
    talk.write(1, "only", 1)
    assert silence(talk, tmp_path) == pytest.approx(2, abs=0.01)


def test_one_packet_tells_nothing(tmp_path: Path) -> None:
    talk = conversation()
    talk.write(0, "only", 1)
    assert silence(talk, tmp_path) is None
