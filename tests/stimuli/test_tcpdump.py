import pytest

from plugfest.errors import ParseError
from plugfest.stimuli.tcpdump import CaptureStatistics, command_line, parse_statistics
from tests.devices.recorded import said

CLOSING = """\
tcpdump: listening on swp1, link-type EN10MB (Ethernet), snapshot length 128 bytes
tcpdump: 7 packets captured, 9 packets received by filter, 0 packets dropped by kernel
1204 packets captured
1 packet received by filter
3 packets dropped by kernel
"""


def test_the_closing_words_count_not_the_progress() -> None:
    statistics = parse_statistics(said("", err=CLOSING))
    assert statistics == CaptureStatistics(captured=1204, received_by_filter=1, dropped_by_kernel=3)
    assert not statistics.nothing_dropped


def test_drops_of_the_interface_count_too() -> None:
    text = CLOSING.replace("3 packets dropped by kernel", "0 packets dropped by kernel\n2 packets dropped by interface")
    statistics = parse_statistics(said("", err=text))
    assert (statistics.dropped_by_interface, statistics.nothing_dropped) == (2, False)


def test_missing_words_are_refused() -> None:
    with pytest.raises(ParseError, match=r"expected a line .*dropped by kernel"):
        parse_statistics(said("", err=CLOSING.replace("3 packets dropped by kernel", "")))


def test_the_filter_is_one_argument_after_the_options() -> None:
    line = command_line("swp1", "/tmp/x.pcap", 128, "udp port 4791 and host 10.1.1.2")
    assert line[-2:] == ("--", "udp port 4791 and host 10.1.1.2")
    assert line[line.index("-i") + 1] == "swp1"
