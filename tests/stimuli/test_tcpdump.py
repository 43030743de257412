from pathlib import Path

import pytest

from plugfest.errors import CommandError, ParseError
from plugfest.stimuli.tcpdump import CaptureStatistics, capture, command_line, parse_statistics
from tests.devices.recorded import said
from tests.stimuli.scripted_host import ScriptedHost

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


READY = "tcpdump: listening on swp1, link-type EN10MB (Ethernet), snapshot length 128 bytes\n"
BEHIND = "tcpdump: 0 packets captured, 9 packets received by filter, 0 packets dropped by kernel\n"
CAUGHT_UP = "tcpdump: 9 packets captured, 9 packets received by filter, 0 packets dropped by kernel\n"
END = "9 packets captured\n9 packets received by filter\n0 packets dropped by kernel\n"


def device(said_by_tcpdump: str) -> ScriptedHost:
    return ScriptedHost("leaf1", {"tcpdump": ("", said_by_tcpdump, 0)}, {"mktemp": "/tmp/plugfest.1.pcap\n"})


def test_a_capture_waits_for_packets_that_the_kernel_holds_back(tmp_path: Path) -> None:
    leaf1 = device(READY + BEHIND + CAUGHT_UP + END)
    with capture(leaf1.session, "swp1", 128) as running:
        statistics = running.stop(tmp_path / "leaf1.pcap")
    assert statistics == CaptureStatistics(captured=9, received_by_filter=9, dropped_by_kernel=0)
    assert leaf1.commands.count("kill -s USR1 4711") == 2
    assert (tmp_path / "leaf1.pcap").read_text() == "/tmp/plugfest.1.pcap"
    assert leaf1.commands[-1] == "rm -f -- /tmp/plugfest.1.pcap"


def test_a_port_that_does_not_exist_is_told_and_leaves_no_file() -> None:
    leaf1 = device("tcpdump: swp1: No such device exists\n")
    with pytest.raises(CommandError, match="No such device exists"), capture(leaf1.session, "swp1"):
        pass
    assert leaf1.commands[-1] == "rm -f -- /tmp/plugfest.1.pcap"
