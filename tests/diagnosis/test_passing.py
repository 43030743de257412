from pathlib import Path

from plugfest.diagnosis.passing import NAK, Passing, passing
from tests.captures.frames import CLIENT, MICROSECOND, SERVER, START, conversation


def test_one_direction_of_a_capture_in_numbers(tmp_path: Path) -> None:
    talk = conversation(counting=True)
    for number in range(3):
        talk.client(0x04, 100 + number, bytes(64), tos=106)
    talk.client(0x04, 105, bytes(64), tos=104)
    talk.ack(102)
    talk.nak(103)
    file = talk.save(tmp_path / "a.pcap")
    requests, answers = passing(file, SERVER), passing(file, CLIENT)
    assert requests.packets == 4
    assert requests.kinds == {"RC_SEND_ONLY": 4}
    assert requests.octets == {"104": 1, "106": 3}
    assert requests.ttls == {"64": 4}
    assert requests.stations == {"02:00:00:00:00:02": 4}
    assert requests.time_sum_ns == 4 * START + 6 * MICROSECOND
    assert answers.kinds == {"RC_ACKNOWLEDGE": 1, NAK: 1}


def test_places_add_up() -> None:
    both = Passing(packets=2, ttls={"63": 2}, time_sum_ns=7) + Passing(packets=1, ttls={"63": 1}, time_sum_ns=3)
    assert both == Passing(packets=3, ttls={"63": 3}, time_sum_ns=10)
