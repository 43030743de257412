import pytest

from plugfest.devices.frr_linux import bgp, bgp_timers, routes
from plugfest.devices.records import BgpNeighbor, BgpState
from plugfest.errors import ParseError
from tests.devices.recorded import RECORDINGS, recorded, said

SUMMARY = (RECORDINGS / "frr_bgp_summary.json").read_text()


def test_sessions_carry_state_peer_and_prefixes() -> None:
    up, _, never = bgp.parse_summary(recorded("frr_bgp_summary.json"))
    assert up == BgpNeighbor(
        neighbor="swp49",
        interface="swp49",
        remote_asn=65000,
        local_asn=65101,
        state=BgpState.ESTABLISHED,
        uptime_seconds=8,
        prefixes_received=2,
        hostname="spine1",
    )
    assert (never.neighbor, never.state, never.remote_asn, never.uptime_seconds) == ("swp51", BgpState.IDLE, None, None)


def test_a_session_that_was_shut_down_is_idle() -> None:
    text = SUMMARY.replace('"state":"Idle"', '"state":"Idle (Admin)"')
    assert bgp.parse_summary(said(text))[2].state is BgpState.IDLE


def test_numbered_peers_have_no_interface() -> None:
    text = SUMMARY.replace('"swp49":', '"10.9.0.1":').replace('"idType":"interface"', '"idType":"ipv4"', 1)
    peer = bgp.parse_summary(said(text))[0]
    assert (peer.neighbor, peer.interface) == ("10.9.0.1", None)


def test_no_bgp_instance_means_no_sessions() -> None:
    assert bgp.parse_summary(said("{\n}\n")) == ()


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"state":"Idle"', '"state":"Dancing"', "peer swp51: unknown BGP state 'Dancing'"),
        ('"as":65101', '"as":"many"', "at as: Input should be a valid integer, got 'many'"),
        ('"peers"', '"friends"', "at peers: Field required"),
        ("{", "% BGP instance not found {", "at whole answer: Invalid JSON"),
    ],
)
def test_unknown_summaries_are_refused(old: str, new: str, complaint: str) -> None:
    assert old in SUMMARY
    with pytest.raises(ParseError, match=f"^leaf1: `vtysh .*`: {complaint}"):
        bgp.parse_summary(said(SUMMARY.replace(old, new, 1), *bgp.SHOW_SUMMARY))


def test_hold_times_are_those_of_established_sessions() -> None:
    peer = '{"bgpState": "%s", "bgpTimerHoldTimeMsecs": %d, "hostname": "spine1"}'
    text = '{"vrfId": 0, "vrfName": "default", "swp49": %s, "swp50": %s}'
    answer = said(text % (peer % ("Established", 9000), peer % ("Active", 180_000)))
    assert bgp_timers.parse_hold_times(answer) == {"swp49": 9.0}


def test_sessions_without_hold_times_are_refused() -> None:
    with pytest.raises(ParseError, match="bgpTimerHoldTimeMsecs"):
        bgp_timers.parse_hold_times(said('{"swp49": {"bgpState": "Established"}}'))


def test_only_selected_routes_with_next_hops_in_use_are_told() -> None:
    connected, spine, fabric = routes.parse_routes(recorded("frr_routes.json"))
    assert (connected.prefix, connected.protocol) == ("10.0.0.1/32", "connected")
    assert (spine.prefix, len(spine.next_hops)) == ("10.0.0.11/32", 2)
    assert [hop.interface for hop in fabric.next_hops] == ["swp49", "swp50"]
    assert (fabric.protocol, fabric.metric) == ("bgp", 0)


def test_an_inactive_next_hop_is_not_in_use() -> None:
    text = (RECORDINGS / "frr_routes.json").read_text()
    before, marked, after = text.rpartition('"fib":true')
    fabric = routes.parse_routes(said(before + marked.replace("true", "false") + after))[-1]
    assert [hop.interface for hop in fabric.next_hops] == ["swp49"]


def test_a_blackhole_has_no_next_hop() -> None:
    text = (
        '{"10.2.1.0/24":[{"protocol":"static","selected":true,"installed":true,"distance":1,"metric":0,'
        '"prefix":"10.2.1.0/24","nexthops":[{"flags":3,"fib":true,"unreachable":true,"blackhole":true,"active":true}]}]}'
    )
    (route,) = routes.parse_routes(said(text))
    assert (route.protocol, route.next_hops) == ("static", ())


def test_a_next_hop_whose_port_lost_its_carrier_is_not_in_use() -> None:
    hops = (
        '{"flags":2,"fib":true,"ip":"fe80::a","afi":"ipv6","interfaceIndex":4,"interfaceName":"swp49","weight":1},'
        '{"flags":3,"fib":true,"ip":"fe80::b","afi":"ipv6","interfaceIndex":5,"interfaceName":"swp50","active":true,'
        '"weight":1}'
    )
    route = f'{{"prefix":"10.2.1.0/24","protocol":"bgp","selected":true,"installed":true,"nexthops":[{hops}]}}'
    (parsed,) = routes.parse_routes(said(f'{{"10.2.1.0/24":[{route}]}}'))
    assert [hop.interface for hop in parsed.next_hops] == ["swp50"]
