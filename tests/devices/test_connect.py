import pytest

from plugfest.devices.connect import connect
from plugfest.devices.frr_linux.bgp import SHOW_SUMMARY
from plugfest.devices.frr_linux.switch import FrrLinuxSwitch
from plugfest.devices.linux import interfaces, lldp, rdma, routes
from plugfest.devices.linux.host import LinuxHost
from plugfest.devices.protocols import Unsupported
from plugfest.errors import InventoryError, LabError
from plugfest.inventory.models import Lab
from plugfest.sessions.replay import ReplaySession
from plugfest.sessions.result import CommandResult
from plugfest.sessions.transcript import Transcript
from tests.devices.recorded import recorded, said

LAB = Lab.model_validate(
    {
        "version": 1,
        "name": "desk",
        "kind": "embedded",
        "devices": {
            "h1": {
                "role": "host",
                "ports": {"eth1": {}},
                "nics": [{"vendor": "Linux", "model": "Soft-RoCE", "rdma_device": "rxe1", "port": "eth1"}],
            },
            "leaf1": {
                "role": "switch",
                **{"vendor": "v", "model": "m", "chip": "c", "nos": "n", "dialect": "frr_linux"},
                "ports": {"swp49": {}},
            },
            "other": {
                "role": "switch",
                **{"vendor": "v", "model": "m", "chip": "c", "nos": "n", "dialect": "klingon"},
            },
            "jump": {"role": "bastion"},
        },
        "links": ["h1:eth1 <-> leaf1:swp1"],
    }
)


def replay(name: str, *results: CommandResult) -> ReplaySession:
    return ReplaySession(name, Transcript(result.model_copy(update={"device": name}) for result in results))


def test_the_inventory_chooses_the_driver() -> None:
    assert isinstance(connect(LAB, "h1", replay("h1")), LinuxHost)
    assert isinstance(connect(LAB, "leaf1", replay("leaf1")), FrrLinuxSwitch)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("other", "other: unknown dialect 'klingon'; known dialects: .*frr_linux"),
        ("jump", "jump is a bastion: only hosts and switches can be asked questions"),
    ],
)
def test_what_nothing_speaks_to_is_an_inventory_error(name: str, complaint: str) -> None:
    with pytest.raises(InventoryError, match=complaint):
        connect(LAB, name, replay(name))


def test_lldp_tells_fabric_ports_only() -> None:
    leaf1 = FrrLinuxSwitch(LAB, "leaf1", replay("leaf1", recorded("lldp_neighbors.json", *lldp.SHOW_NEIGHBORS)))
    assert [neighbor.local_port for neighbor in leaf1.lldp_neighbors()] == ["swp49"]


def test_a_tool_that_cannot_answer_is_unsupported_with_its_words() -> None:
    failed = said("", *SHOW_SUMMARY, err="Exiting: failed to connect to any daemons.", exit_status=1)
    leaf1 = FrrLinuxSwitch(LAB, "leaf1", replay("leaf1", failed))
    with pytest.raises(Unsupported, match=r"leaf1 cannot answer: BGP neighbours; .* failed to connect to any daemons"):
        leaf1.bgp_neighbors()


def host(*results: CommandResult) -> LinuxHost:
    return LinuxHost(LAB, "h1", replay("h1", *results))


def ports() -> tuple[CommandResult, CommandResult]:
    return (
        recorded("ip_addr.json", *interfaces.SHOW_INTERFACES),
        recorded("ethtool_settings.txt", *interfaces.SHOW_SETTINGS),
    )


def test_ports_without_ethtool_keep_their_speed_unmeasured() -> None:
    addresses, settings = ports()
    missing = settings.model_copy(update={"exit_status": 127, "out": ""})
    assert host(addresses, settings).interfaces()["eth1"].speed_mbps == 10000
    assert host(addresses, missing).interfaces()["eth1"].speed_mbps is None


def test_an_unknown_port_is_refused_with_those_there_are() -> None:
    with pytest.raises(LabError, match="h1 has no port eth9; it has br10, eth1, lo, swp1"):
        host(*ports()).set_mtu("eth9", 1500)


def test_switching_a_port_off_remembers_its_default_route() -> None:
    default = said('[{"dst":"default","gateway":"10.1.1.1","dev":"eth1","flags":[]}]', *routes.SHOW_ROUTES)
    change = host(default, *ports()).set_admin("eth1", up=False)
    assert change.undo[-1] == ("ip", "route", "replace", "0.0.0.0/0", "via", "10.1.1.1", "dev", "eth1")


def test_there_is_no_management_address_on_a_fabric_of_its_own() -> None:
    with pytest.raises(LabError, match="h1 has no IPv4 address outside its fabric ports eth1"):
        host(*ports()).management_address()


def test_only_the_rdma_devices_of_the_inventory_are_asked_for() -> None:
    links = recorded("rdma_link.json", *rdma.SHOW_LINKS)
    info = recorded("ibv_devinfo.txt", *rdma.show_device("rxe1"))
    (device,) = host(links, info).rdma_devices()
    assert (device.name, device.netdev) == ("rxe1", "eth1")
    assert host(links, info).roce_gid("rxe1").index == 1


def test_a_missing_rocev2_gid_is_told_with_the_table() -> None:
    links = recorded("rdma_link.json", *rdma.SHOW_LINKS)
    info = recorded("ibv_devinfo.txt", *rdma.show_device("rxe1"))
    without = info.model_copy(update={"out": info.out.replace("\t\t\tGID[  1]:\t\t::ffff:10.1.1.2, RoCE v2\n", "")})
    with pytest.raises(
        Unsupported, match=r"no RoCEv2 GID with an IPv4 address; seen: 0: fe80::38:52ff:fe78:59c2 \(RoCE v2\)"
    ):
        host(links, without).roce_gid("rxe1")
