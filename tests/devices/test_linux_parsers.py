import json

import pytest

from plugfest.devices.linux import driver, interfaces, lldp, queues, rdma, routes, versions
from plugfest.devices.records import NextHop, QueueCounters, Route
from plugfest.errors import ParseError
from tests.devices.recorded import RECORDINGS, recorded, said

FQ_CODEL = (
    '[{"kind":"fq_codel","handle":"20:","parent":"1:2","options":{"limit":10240,"ecn":true},"bytes":990,"packets":11,'
    '"drops":0,"overlimits":0,"requeues":0,"backlog":0,"qlen":0,"maxpacket":90,"drop_overlimit":0,"ecn_mark":5}]'
)


def changed(file: str, old: str, new: str) -> str:
    text = (RECORDINGS / file).read_text()
    assert old in text
    return text.replace(old, new)


def test_interfaces_have_state_addresses_and_counters() -> None:
    ports = interfaces.parse_interfaces(recorded("ip_addr.json"))
    assert set(ports) == {"lo", "eth1", "swp1", "br10"}
    eth1 = ports["eth1"]
    assert (eth1.admin_up, eth1.oper_up, eth1.mtu, eth1.mac) == (True, True, 4200, "02:11:00:00:00:01")
    assert eth1.addresses[:2] == ("10.1.1.2/24", "2001:db8::2/64")
    assert eth1.description == "to leaf1:swp1"
    assert eth1.counters is not None
    assert eth1.counters.tx_packets is not None and eth1.counters.tx_packets > 0
    assert (eth1.counters.fcs_errors, eth1.counters.carrier_changes) == (0, 2)
    assert eth1.speed_mbps is None


def test_a_port_that_is_switched_off_is_down_and_loopback_follows_its_carrier() -> None:
    ports = interfaces.parse_interfaces(recorded("ip_addr.json"))
    assert (ports["br10"].admin_up, ports["br10"].oper_up) == (False, False)
    assert ports["lo"].oper_up


def test_settings_come_in_several_blocks_for_each_port() -> None:
    settings = interfaces.parse_settings(recorded("ethtool_settings.txt"))
    assert settings["eth1"] == interfaces.PortSettings(speed_mbps=10000, duplex="full")
    assert settings["br10"] == interfaces.PortSettings()
    ports = interfaces.with_settings(interfaces.parse_interfaces(recorded("ip_addr.json")), settings)
    assert (ports["swp1"].speed_mbps, ports["swp1"].duplex, ports["lo"].speed_mbps) == (10000, "full", None)


def test_settings_of_real_nics_have_continued_lines() -> None:
    text = (
        "Settings for ens1f0np0:\n\tSupported ports: [ Backplane ]\n"
        "\tSupported link modes:   100000baseKR4/Full\n\t                        200000baseCR4/Full\n"
        "\tSpeed: 200000Mb/s\n\tLanes: 4\n\tDuplex: Full\n"
        "        Current message level: 0x00000004 (4)\n"
    )
    for printed in (text, text.replace("        Current", "\tCurrent")):
        assert interfaces.parse_settings(said(printed))["ens1f0np0"].speed_mbps == 200000
    with pytest.raises(ParseError, match="unknown line '        Nonsense"):
        interfaces.parse_settings(said(text.replace("        Current", "        Nonsense")))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("Speed: 10000Mb/s", "Speed: fast", "expected a speed such as 100000Mb/s, got 'fast'"),
        ("Duplex: Full", "Duplex: Both", "expected duplex Full or Half, got 'Both'"),
        ("\tPHYAD: 0", "PHYAD 0", "unknown line 'PHYAD 0'"),
    ],
)
def test_unknown_settings_are_refused(old: str, new: str, complaint: str) -> None:
    with pytest.raises(ParseError, match=complaint):
        interfaces.parse_settings(said(changed("ethtool_settings.txt", old, new)))


def test_an_interface_without_mtu_is_refused_with_its_place() -> None:
    text = changed("ip_addr.json", '"mtu":4200', '"mtu":"big"')
    with pytest.raises(ParseError) as error:
        interfaces.parse_interfaces(said(text, *interfaces.SHOW_INTERFACES))
    assert str(error.value) == (
        "leaf1: `ip -j -d -s -s addr show`: at 1.mtu: Input should be a valid integer, got 'big'"
    )


def test_lldp_neighbours_name_both_ends() -> None:
    first, second = lldp.parse_neighbors(recorded("lldp_neighbors.json"))
    assert (first.local_port, first.system_name, first.port_description) == ("swp49", "spine1", "swp1")
    assert (first.chassis_id, first.port_id, first.ttl) == ("02:11:00:00:49:01", "02:11:00:00:49:01", 120)
    assert first.management_addresses == ("10.0.0.11", "fe80::11:ff:fe00:4901")
    assert (second.local_port, second.port_description) == ("swp50", "swp2")


def test_no_neighbours_and_other_protocols_are_no_lldp_neighbours() -> None:
    assert lldp.parse_neighbors(said('{"lldp": [{}]}')) == ()
    text = changed("lldp_neighbors.json", '"via": "LLDP"', '"via": "CDPv2"')
    assert lldp.parse_neighbors(said(text)) == ()


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"value": "120"', '"value": "soon"', "expected a TTL in seconds, got 'soon'"),
        ('"chassis": [', '"chassis": [{}, ', "expected one chassis and one port for a neighbour on swp49"),
        ('"port": [', '"ports": [', "at lldp.0.interface.0.port: Field required"),
    ],
)
def test_unknown_forms_of_lldp_are_refused(old: str, new: str, complaint: str) -> None:
    with pytest.raises(ParseError, match=complaint):
        lldp.parse_neighbors(said(changed("lldp_neighbors.json", old, new)))


def test_routes_with_ipv6_next_hops_are_read() -> None:
    host_route, fabric = routes.parse_routes(recorded("ip_route.json"))
    assert host_route.prefix == "10.0.0.11/32"
    assert fabric == Route(
        prefix="10.2.1.0/24",
        protocol="bgp",
        metric=20,
        next_hops=(
            NextHop(address="fe80::11:ff:fe00:4901", interface="swp49", weight=1),
            NextHop(address="fe80::11:ff:fe00:5002", interface="swp50", weight=1),
        ),
    )


def test_default_connected_and_blackhole_routes_are_read() -> None:
    text = json.dumps(
        [
            {"dst": "default", "gateway": "10.1.1.1", "dev": "eth1", "flags": []},
            {"dst": "10.1.1.0/24", "dev": "eth1", "protocol": "kernel", "scope": "link", "flags": []},
            {"type": "blackhole", "dst": "10.6.0.0/24", "flags": []},
        ]
    )
    default, connected, blackhole = routes.parse_routes(said(text))
    assert default == Route(
        prefix="0.0.0.0/0", protocol="boot", next_hops=(NextHop(address="10.1.1.1", interface="eth1"),)
    )
    assert (connected.protocol, connected.next_hops[0].address) == ("kernel", None)
    assert (blackhole.protocol, blackhole.next_hops) == ("blackhole", ())


def test_queues_report_marks_only_where_the_discipline_can_mark() -> None:
    htb, red = queues.parse_queues(recorded("tc_qdisc.json"), "swp1")
    assert (htb.queue, htb.ecn_marked_packets) == ("htb 1:", None)
    assert red == QueueCounters(
        port="swp1",
        queue="red 10:",
        tx_packets=1120,
        tx_bytes=4316321,
        dropped_packets=412,
        ecn_marked_packets=1349,
        backlog_bytes=0,
    )
    (fq_codel,) = queues.parse_queues(said(FQ_CODEL), "swp1")
    assert (fq_codel.queue, fq_codel.ecn_marked_packets) == ("fq_codel 20:", 5)


def test_rdma_counters_keep_the_driver_names() -> None:
    counters = rdma.parse_counters(recorded("rdma_statistic.json"), "rxe1", 1)
    assert (counters.values["completer_retry_err"], counters.values["out_of_seq_request"]) == (2, 7)
    assert "ifname" not in counters.values


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"rxe1"', '"rxe9"', "expected the counters of rxe1/1 alone"),
        ('"send_err":0', '"send_err":"none"', "expected a number for every counter, got send_err='none'"),
    ],
)
def test_counters_of_another_device_or_in_words_are_refused(old: str, new: str, complaint: str) -> None:
    with pytest.raises(ParseError, match=complaint):
        rdma.parse_counters(said(changed("rdma_statistic.json", old, new)), "rxe1", 1)


def test_rdma_links_of_other_namespaces_have_no_net_device() -> None:
    assert rdma.parse_links(recorded("rdma_link.json")) == {
        ("rxe1", 1): "eth1",
        ("rxe2", 1): None,
        ("rxe3", 1): None,
        ("rxe4", 1): None,
    }


def test_driver_counters_and_identity_are_read() -> None:
    assert driver.parse_counters(recorded("ethtool_counters.txt"))["peer_ifindex"] == 2
    identity = driver.parse_driver(recorded("ethtool_driver.txt"))
    assert identity["driver"] == "veth"
    assert "firmware-version" not in identity


@pytest.mark.parametrize("text", ["", "no stats available\n", "NIC statistics:\n     rx: many\n"])
def test_unknown_driver_counters_are_refused(text: str) -> None:
    with pytest.raises(ParseError, match="leaf1"):
        driver.parse_counters(said(text))


def test_versions_are_found_and_missing_tools_left_out() -> None:
    missing = said("", err="sh: vtysh: not found", exit_status=127)
    answers = [
        said("Linux 7.2.13-amd64\n"),
        said('PRETTY_NAME="Debian GNU/Linux forky/sid"\nNAME="Debian GNU/Linux"\n'),
        said("ip utility, iproute2-7.2.0, libbpf 1.7.0\n"),
        said("1.0.23\n"),
        missing,
        said("Version: 6.24\n"),
        said("tcpdump version 4.99.6\nlibpcap version 1.11.0\n"),
    ]
    assert versions.parse_versions(answers) == {
        "kernel": "Linux 7.2.13-amd64",
        "system": "Debian GNU/Linux forky/sid",
        "iproute2": "7.2.0",
        "lldpd": "1.0.23",
        "perftest": "6.24",
        "tcpdump": "4.99.6",
    }
    with pytest.raises(ParseError, match="expected the version of kernel"):
        versions.parse_versions([missing, *answers[1:]])
