import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugfest.devices.records import BgpNeighbor, BgpState, NextHop, Route
from plugfest.inventory.models import Link
from plugfest.verdicts import routing
from plugfest.verdicts.verdict import Outcome

LINK = Link.model_validate("leaf1:swp49 <-> spine1:swp1")
ASNS = {"leaf1": 65101, "spine1": 65000}


def session(interface: str, remote: int, state: BgpState = BgpState.ESTABLISHED) -> BgpNeighbor:
    return BgpNeighbor(
        neighbor=interface,
        interface=interface,
        remote_asn=remote,
        local_asn=1,
        state=state,
        uptime_seconds=9,
        prefixes_received=2,
    )


GOOD = {"leaf1": [session("swp49", 65000)], "spine1": [session("swp1", 65101)]}


def test_established_sessions_with_the_right_peer_pass() -> None:
    assert routing.bgp_as_cabled(LINK, ASNS, GOOD).outcome is Outcome.PASSED


def test_a_session_that_is_not_up_names_end_and_state() -> None:
    down = {**GOOD, "leaf1": [session("swp49", 65000, BgpState.ACTIVE)]}
    explained = routing.bgp_as_cabled(LINK, ASNS, down).explain()
    assert "leaf1:swp49 BGP state – expected Established, got Active" in explained


def test_the_wrong_peer_and_the_missing_session_fail() -> None:
    assert routing.bgp_as_cabled(LINK, ASNS, {**GOOD, "spine1": [session("swp1", 64999)]}).outcome is Outcome.FAILED
    assert routing.bgp_as_cabled(LINK, ASNS, {**GOOD, "spine1": []}).outcome is Outcome.FAILED


def test_sessions_not_read_are_inconclusive() -> None:
    assert routing.bgp_as_cabled(LINK, ASNS, {"leaf1": GOOD["leaf1"]}).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("leaf", "spine", "words"),
    [
        (9.0, 9.0, ""),
        (180.0, 180.0, "leaf1:swp49 BGP hold time – expected at most 30 s, got 180 s"),
        (9.0, 0.0, "spine1:swp1 BGP hold time – expected at most 30 s, got 0 s"),
        (None, 9.0, "leaf1:swp49 BGP hold time – expected at most 30 s, got no established session"),
    ],
)
def test_silence_must_be_noticed_before_queue_pairs_give_up(leaf: float | None, spine: float, words: str) -> None:
    times = {"leaf1": {} if leaf is None else {"swp49": leaf}, "spine1": {"swp1": spine}}
    judged = routing.silence_is_noticed_in_time(LINK, times)
    expected = Outcome.PASSED if not words else Outcome.INCONCLUSIVE if leaf is None else Outcome.FAILED
    assert judged.outcome is expected
    assert words in judged.explain()


def route(*ports: str, prefix: str = "10.2.1.0/24") -> Route:
    hops = tuple(NextHop(address=None, interface=port) for port in ports)
    return Route(prefix=prefix, protocol="bgp", next_hops=hops)


@pytest.mark.parametrize(
    ("routes", "outcome"),
    [
        ([route("swp49", "swp50")], Outcome.PASSED),
        ([route("swp49")], Outcome.FAILED),
        ([route("swp49", "swp50", "swp51")], Outcome.FAILED),
        ([route("swp49", "swp50", prefix="10.9.0.0/24")], Outcome.FAILED),
        ([], Outcome.INCONCLUSIVE),
    ],
)
def test_next_hops(routes: list[Route], outcome: Outcome) -> None:
    expected = frozenset({"swp49", "swp50"})
    assert routing.equal_cost_next_hops("leaf1", "10.2.1.0/24", expected, routes).outcome is outcome


@pytest.mark.parametrize(
    ("packets", "queue_pairs", "outcome"),
    [
        ({"swp49": 900, "swp50": 1100}, 16, Outcome.PASSED),
        ({"swp49": 2000, "swp50": 0}, 16, Outcome.FAILED),
        ({"swp49": 0, "swp50": 0}, 16, Outcome.INCONCLUSIVE),
        ({"swp49": 900, "swp50": 1100}, 2, Outcome.INCONCLUSIVE),
        ({"swp49": 900, "swp50": None}, 16, Outcome.INCONCLUSIVE),
    ],
)
def test_spread(packets: dict[str, int | None], queue_pairs: int, outcome: Outcome) -> None:
    assert routing.spread_over_paths("both spines carry traffic", packets, queue_pairs).outcome is outcome


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=16))
def test_jain_index_lies_between_one_nth_and_one(counts: list[int]) -> None:
    assert 1 / len(counts) - 1e-9 <= routing.jain_index(counts) <= 1 + 1e-9
