import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugfest.errors import ParseError
from plugfest.stimuli.ping import PathMtuHint, PingResult, parse_ping
from tests.devices.recorded import said

GOOD = """\
PING 10.2.1.2 (10.2.1.2) 1472(1500) bytes of data.
1480 bytes from 10.2.1.2: icmp_seq=1 ttl=61 time=4.12 ms
1480 bytes from 10.2.1.2: icmp_seq=2 ttl=61 time=3.05 ms
1480 bytes from 10.2.1.2: icmp_seq=2 ttl=61 time=3.99 ms (DUP!)

--- 10.2.1.2 ping statistics ---
2 packets transmitted, 2 received, +1 duplicates, 0% packet loss, time 201ms
rtt min/avg/max/mdev = 3.050/3.720/4.120/0.477 ms
"""
FRAGMENTATION_NEEDED = """\
PING 10.2.1.2 (10.2.1.2) 4172(4200) bytes of data.
From 10.1.1.1 icmp_seq=1 Frag needed and DF set (mtu = 1500)
From 10.1.1.1 icmp_seq=2 Frag needed and DF set (mtu = 1500)

--- 10.2.1.2 ping statistics ---
2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 203ms
"""
BLACK_HOLE = """\
PING 10.2.1.2 (10.2.1.2) 4172(4200) bytes of data.

--- 10.2.1.2 ping statistics ---
3 packets transmitted, 0 received, 100% packet loss, time 405ms

"""
OWN_PORT = """\
PING 10.1.1.9 (10.1.1.9) 2000(2028) bytes of data.

--- 10.1.1.9 ping statistics ---
2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 202ms
"""


def test_replies_give_counts_times_and_ttls() -> None:
    result = parse_ping(said(GOOD))
    assert (result.sent, result.received, result.duplicates, result.errors) == (2, 2, 1, 0)
    assert result.ttls == (61, 61, 61)
    assert (result.minimum_ms, result.average_ms, result.maximum_ms) == (3.05, 3.72, 4.12)
    assert result.hint is None


def test_a_router_that_knows_a_smaller_mtu_is_named() -> None:
    result = parse_ping(said(FRAGMENTATION_NEEDED, exit_status=1))
    assert result.hint == PathMtuHint(router="10.1.1.1", mtu=1500)
    assert (result.received, result.errors, result.too_long_for_port) == (0, 2, False)


def test_a_black_hole_is_silent() -> None:
    result = parse_ping(said(BLACK_HOLE, exit_status=1))
    assert (result.sent, result.received, result.errors, result.hint) == (3, 0, 0, None)
    assert result.average_ms is None


@pytest.mark.parametrize("words", ["ping: sendmsg: Message too long", "ping: local error: message too long, mtu=1500"])
def test_the_own_port_refuses_what_is_too_long(words: str) -> None:
    assert parse_ping(said(OWN_PORT, err=f"{words}\n", exit_status=1)).too_long_for_port


def test_no_route_is_a_result_with_nothing_sent() -> None:
    result = parse_ping(said("", err="ping: connect: Network is unreachable\n", exit_status=2))
    assert (result.no_route, result.sent) == (True, 0)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD.replace("transmitted", "gesendet"), "expected 'N packets transmitted, …'"),
        (GOOD.replace("+1 duplicates", "+1 wonders"), r"unknown words .*\+1 wonders"),
    ],
)
def test_an_unknown_form_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ParseError, match=complaint):
        parse_ping(said(text))


@settings(max_examples=100)
@given(st.sampled_from([GOOD, FRAGMENTATION_NEEDED]), st.integers(0, 450), st.integers(0, 30), st.text(max_size=5))
def test_garbled_output_gives_a_result_or_a_parse_error(text: str, start: int, length: int, noise: str) -> None:
    try:
        assert isinstance(parse_ping(said(text[:start] + noise + text[start + length :])), PingResult)
    except ParseError as error:
        assert "leaf1" in str(error)
