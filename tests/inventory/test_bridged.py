from plugfest.inventory.bridged import bridged_ports
from plugfest.inventory.loader import load
from plugfest.inventory.plan import Plan


def test_the_embedded_lab_bridges_two_test_ports_on_each_leaf() -> None:
    plan = Plan.of(load("embedded").lab)
    assert [pair.id for pair in bridged_ports(plan.lab, plan.test_ports)] == [
        "leaf1:swp3->leaf1:swp4",
        "leaf1:swp4->leaf1:swp3",
        "leaf2:swp3->leaf2:swp4",
        "leaf2:swp4->leaf2:swp3",
    ]


def test_ports_in_different_vlans_are_not_bridged() -> None:
    plan = Plan.of(load("embedded").lab)
    leaf = plan.lab.devices["leaf1"]
    other = leaf.model_copy(
        update={"ports": {**leaf.ports, "swp4": leaf.ports["swp4"].model_copy(update={"vlan": 20})}}
    )
    lab = plan.lab.model_copy(update={"devices": {**plan.lab.devices, "leaf1": other}})
    assert {pair.ingress.device for pair in bridged_ports(lab, plan.test_ports)} == {"leaf2"}
