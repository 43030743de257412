"""The planner on the embedded lab and on small labs with one speciality each."""

import pytest

from plugfest.inventory.loader import load
from plugfest.inventory.models import Capability, PortReference
from plugfest.inventory.pairs import Cell
from plugfest.inventory.plan import Plan, Relation
from tests.inventory.labs import SWITCH, clos, lab_of

FRR = SWITCH.replace("sonic", "frr_linux")
HOSTS = """devices:
  h1: {role: host, ports: {eth1: {address: 10.0.1.2/24}}, nics: [{vendor: A, model: X, firmware: "1.0", port: eth1}]}
  h2: {role: host, ports: {eth1: {address: 10.0.2.2/24}}, nics: [{vendor: B, model: Y, port: eth1}]}
"""


@pytest.fixture(scope="module")
def embedded() -> Plan:
    return Plan.of(load("embedded").lab)


def pair(plan: Plan, name: str):
    return next(each for each in plan.host_pairs if each.id == name)


def test_links_by_kind(embedded: Plan) -> None:
    assert [link.id for link in embedded.host_links] == [
        "h1:eth1<->leaf1:swp1",
        "h2:eth1<->leaf1:swp2",
        "h3:eth1<->leaf2:swp1",
        "h4:eth1<->leaf2:swp2",
    ]
    assert [link.id for link in embedded.switch_links] == [
        "leaf1:swp49<->spine1:swp1",
        "leaf1:swp50<->spine2:swp1",
        "leaf2:swp49<->spine1:swp2",
        "leaf2:swp50<->spine2:swp2",
    ]
    assert embedded.bgp_links == embedded.switch_links
    assert set(embedded.links) == {*embedded.host_links, *embedded.switch_links}
    assert [str(port) for port in embedded.test_ports] == ["leaf1:swp3", "leaf1:swp4", "leaf2:swp3", "leaf2:swp4"]


def test_pairs_go_both_directions(embedded: Plan) -> None:
    ids = [each.id for each in embedded.host_pairs]
    assert len(ids) == len(set(ids)) == 12
    assert {"h1->h4", "h4->h1"} <= set(ids)


def test_relation_hops_and_paths(embedded: Plan) -> None:
    near, far = pair(embedded, "h1->h2"), pair(embedded, "h1->h4")
    assert (near.relation, near.routed_hops) == (Relation.SAME_LEAF, 1)
    assert [path.id for path in near.paths] == ["h1:eth1>leaf1:swp2>h2:eth1"]
    assert (far.relation, far.routed_hops) == (Relation.ACROSS_SPINES, 3)
    assert [path.id for path in far.paths] == [
        "h1:eth1>leaf1:swp49>spine1:swp2>leaf2:swp2>h4:eth1",
        "h1:eth1>leaf1:swp50>spine2:swp2>leaf2:swp2>h4:eth1",
    ]
    assert (far.client_address, far.server_address) == ("10.1.1.2", "10.2.2.2")
    assert far.devices == ("h1", "leaf1", "spine1", "leaf2", "spine2", "h4")


def test_equal_cost_next_hops(embedded: Plan) -> None:
    hops = embedded.expected_next_hops("leaf1", "10.2.1.0/24")
    assert [(hop.port, str(hop.neighbour)) for hop in hops] == [("swp49", "spine1:swp1"), ("swp50", "spine2:swp1")]
    assert [hop.port for hop in embedded.expected_next_hops("spine1", "10.2.1.0/24")] == ["swp2"]
    assert embedded.expected_next_hops("leaf1", "10.1.1.0/24") == (), "a switch's own subnet has no next hop"
    assert embedded.expected_next_hops("leaf1", "192.0.2.0/24") == ()
    assert len(embedded.routes) == 12
    assert embedded.routes[0].id == "leaf1->10.2.1.0/24"


def test_next_hops_grow_with_the_spines() -> None:
    plan = Plan.of(clos(hosts=4, leaves=2, spines=3))
    assert len(pair(plan, "h1->h4").paths) == 3
    assert {hop.port for hop in plan.expected_next_hops("leaf2", "10.1.1.0/24")} == {"swp49", "swp50", "swp51"}


def test_loop_detection_of_ebgp_refuses_ways_back_through_the_own_tier() -> None:
    """A host on spine1: spine2 must not learn its subnet, because both spines share an AS number."""
    text = (
        HOSTS
        + f"""
  leaf1: {{{FRR}, asn: 65101, ports: {{p1: {{}}, p2: {{}}, p3: {{address: 10.0.1.1/24}}}}}}
  spine1: {{{FRR}, asn: 65000, ports: {{p1: {{}}, p3: {{address: 10.0.2.1/24}}}}}}
  spine2: {{{FRR}, asn: 65000, ports: {{p1: {{}}}}}}
links:
  - h1:eth1 <-> leaf1:p3
  - h2:eth1 <-> spine1:p3
  - leaf1:p1 <-> spine1:p1
  - leaf1:p2 <-> spine2:p1
"""
    )
    plan = Plan.of(lab_of(text))
    assert [hop.port for hop in plan.expected_next_hops("leaf1", "10.0.2.0/24")] == ["p1"]
    assert plan.expected_next_hops("spine2", "10.0.2.0/24") == ()
    assert [hop.port for hop in plan.expected_next_hops("spine2", "10.0.1.0/24")] == ["p1"]


def test_parallel_wires_are_separate_paths_and_next_hops() -> None:
    text = (
        HOSTS
        + f"""
  leaf1: {{{FRR}, asn: 65101, ports: {{p1: {{}}, p2: {{}}, p3: {{address: 10.0.1.1/24}}}}}}
  leaf2: {{{FRR}, asn: 65102, ports: {{p1: {{}}, p2: {{}}, p3: {{address: 10.0.2.1/24}}}}}}
links:
  - h1:eth1 <-> leaf1:p3
  - h2:eth1 <-> leaf2:p3
  - leaf1:p1 <-> leaf2:p1
  - leaf1:p2 <-> leaf2:p2
"""
    )
    plan = Plan.of(lab_of(text))
    assert {path.id for path in pair(plan, "h1->h2").paths} == {
        "h1:eth1>leaf1:p1>leaf2:p3>h2:eth1",
        "h1:eth1>leaf1:p2>leaf2:p3>h2:eth1",
    }
    assert pair(plan, "h1->h2").routed_hops == 2
    assert {hop.port for hop in plan.expected_next_hops("leaf1", "10.0.2.0/24")} == {"p1", "p2"}


def test_back_to_back() -> None:
    plan = Plan.of(lab_of(HOSTS.replace("10.0.2.2", "10.0.1.3") + "links: [h1:eth1 <-> h2:eth1]\n"))
    only = pair(plan, "h1->h2")
    assert (only.relation, only.routed_hops, only.switches) == (Relation.BACK_TO_BACK, 0, ())
    assert plan.cell(only) == Cell(nic="A X 1.0", switches=(), media=(), peer="B Y")
    assert plan.cell(only).id == "A X 1.0 × no switch × unnamed media × B Y"
    assert plan.routes == ()


@pytest.mark.parametrize(
    ("ports", "addresses", "hops"),
    [
        ("p1: {vlan: 10}, p2: {vlan: 10}", ("10.0.1.2", "10.0.1.3"), 0),
        ("p1: {vlan: 10}, p2: {vlan: 20}", ("10.0.1.2", "10.0.2.2"), 1),
        ("p1: {}, p2: {}", ("10.0.1.2", "10.0.1.3"), 0),
        ("p1: {address: 10.0.1.1/24}, p2: {address: 10.0.2.1/24}", ("10.0.1.2", "10.0.2.2"), 1),
    ],
    ids=["one VLAN", "two VLANs", "plain bridge", "router"],
)
def test_routers_are_told_from_bridges(ports: str, addresses: tuple[str, str], hops: int) -> None:
    hosts = HOSTS.replace("10.0.1.2", addresses[0]).replace("10.0.2.2", addresses[1])
    text = f"{hosts}  leaf1: {{{FRR}, ports: {{{ports}}}}}\nlinks: [h1:eth1 <-> leaf1:p1, h2:eth1 <-> leaf1:p2]\n"
    assert pair(Plan.of(lab_of(text)), "h1->h2").routed_hops == hops


def test_hosts_never_carry_traffic_of_others() -> None:
    text = """devices:
  h1: {role: host, ports: {a: {}}, nics: [{vendor: V, model: M, port: a}]}
  h2: {role: host, ports: {a: {}, b: {}}, nics: [{vendor: V, model: M, port: a}, {vendor: V, model: M, port: b}]}
  h3: {role: host, ports: {a: {}}, nics: [{vendor: V, model: M, port: a}]}
links: [h1:a <-> h2:a, h2:b <-> h3:a]
"""
    ids = {each.id for each in Plan.of(lab_of(text)).host_pairs}
    assert ids == {"h1->h2:a", "h2:a->h1", "h2:b->h3", "h3->h2:b"}


def test_injectors_are_part_of_the_wire() -> None:
    plan = Plan.of(load("example_hardware").lab)
    wire = plan.wire(PortReference(device="gpu1", port="enp65s0np0"))
    assert wire is not None
    assert (wire.id, wire.injectors, len(wire.cables)) == ("gpu1:enp65s0np0<->leaf1:Ethernet0", ("injector1",), 2)
    assert pair(plan, "gpu1->gpu2").relation is Relation.SAME_LEAF
    assert pair(plan, "gpu1->gpu2").injectors == ("injector1",)
    assert pair(plan, "gpu2->gpu4").injectors == ()
    assert len(plan.links) == 9 and len(plan.wires) == 8, "the capture host's cable carries no test traffic"
    assert plan.wire(PortReference(device="recorder1", port="ens1f0")) is None


def test_two_injectors_in_a_row() -> None:
    text = (
        HOSTS
        + """
  i1: {role: injector, ports: {a: {}, b: {}}}
  i2: {role: injector, ports: {a: {}, b: {}}}
links: [i1:b <-> i2:a, i1:a <-> h1:eth1, h2:eth1 <-> i2:b]
"""
    )
    wires = Plan.of(lab_of(text.replace("10.0.2.2", "10.0.1.3"))).wires
    assert [(wire.id, wire.injectors) for wire in wires] == [("h1:eth1<->h2:eth1", ("i1", "i2"))]
    assert [cable.id for cable in wires[0].cables] == ["i1:a<->h1:eth1", "i1:b<->i2:a", "h2:eth1<->i2:b"]


def test_cells_and_their_representatives() -> None:
    plan = Plan.of(load("example_hardware").lab)
    cell = plan.cell(pair(plan, "gpu1->gpu2"))
    assert cell.id == (
        "NVIDIA ConnectX-7 28.43.1014 × Tomahawk 5, SONiC 202411 × 400G-DR4 + DAC 2 m"
        " × Broadcom BCM57608 Thor 2 231.2.63.0"
    )
    assert len({each.key for each in plan.cells}) == len(plan.cells) == 12
    assert all(set(each.key) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-") for each in plan.cells)
    assert sum(len(pairs) for pairs in plan.cells.values()) == len(plan.host_pairs)


def test_one_representative_for_each_cell_and_relation(embedded: Plan) -> None:
    assert len(embedded.cells) == 1
    assert [each.id for each in embedded.representatives] == ["h1->h2", "h1->h3"]


def test_cell_keys_stay_apart_when_only_signs_differ() -> None:
    keys = {Cell(nic=nic, switches=(), media=(), peer="P").key for nic in ("华为 A", "中兴 A", "A", "A!")}
    assert len(keys) == 4


def test_lacking_names_devices_without_a_capability(embedded: Plan) -> None:
    far = pair(embedded, "h1->h4")
    assert embedded.lacking(far.devices, Capability.LLDP) == ()
    assert embedded.lacking(far.devices, Capability.PFC) == far.devices
    assert embedded.lacking(("h1", "leaf1"), Capability.RDMA) == ("leaf1",)


def test_sixteen_hosts() -> None:
    plan = Plan.of(clos(hosts=16, leaves=4, spines=2))
    assert len(plan.host_pairs) == 16 * 15
    assert sum(each.relation is Relation.SAME_LEAF for each in plan.host_pairs) == 16 * 3
    assert len(plan.bgp_links) == 8
