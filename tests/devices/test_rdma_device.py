import pytest

from plugfest.devices.gid import canonical_gid
from plugfest.devices.linux import rdma
from plugfest.devices.records import RdmaGid
from plugfest.errors import ParseError
from tests.devices.recorded import RECORDINGS, recorded, said

INFO = (RECORDINGS / "ibv_devinfo.txt").read_text()


def test_a_port_has_state_path_mtu_and_gids_in_one_spelling() -> None:
    (port,) = rdma.parse_device(recorded("ibv_devinfo.txt"), {("rxe1", 1): "eth1"})
    assert (port.name, port.port, port.netdev, port.state, port.active_mtu) == ("rxe1", 1, "eth1", "ACTIVE", 4096)
    assert (port.node_guid, port.firmware) == ("0038:52ff:fe78:59c2", "0.0.0")
    assert port.gids == (
        RdmaGid(index=0, gid="fe80::38:52ff:fe78:59c2", type="RoCE v2"),
        RdmaGid(index=1, gid="::ffff:10.1.1.2", type="RoCE v2"),
    )


def test_rocev1_gids_are_printed_in_full() -> None:
    first_version = "\t\t\tGID[  2]:\t\t0000:0000:0000:0000:0000:ffff:0a01:0102, RoCE v1\n"
    (port,) = rdma.parse_device(said(INFO.rstrip("\n") + "\n" + first_version), {})
    assert port.gids[2] == RdmaGid(index=2, gid="::ffff:10.1.1.2", type="RoCE v1")


def test_devices_with_firmware_and_two_ports_give_two_records() -> None:
    second = (
        INFO[INFO.index("\t\tport:\t1") :].replace("port:\t1", "port:\t2").replace("PORT_ACTIVE (4)", "PORT_DOWN (1)")
    )
    text = INFO.replace("0.0.0\n", "28.41.1000\n") + second
    first, other = rdma.parse_device(said(text), {})
    assert (first.firmware, first.state) == ("28.41.1000", "ACTIVE")
    assert (other.port, other.state, other.netdev, len(other.gids)) == (2, "DOWN", None, 2)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("PORT_ACTIVE (4)", "PORT_ACTIVE", "expected a port field state such as 'TEXT"),
        (
            "active_mtu:\t\t4096 (5)",
            "active_mtu:\t\tinvalid MTU (9)",
            "expected active_mtu in bytes, got 'invalid MTU'",
        ),
        ("::ffff:10.1.1.2, RoCE v2", "::ffff:10.1.1, RoCE v2", "expected a GID, got '::ffff:10.1.1'"),
        ("hca_id:\trxe1", "No IB devices found", "unknown line 'No IB devices found'"),
        (INFO, "", "expected at least one device with a port"),
    ],
)
def test_unknown_forms_are_refused(old: str, new: str, complaint: str) -> None:
    assert old in INFO
    with pytest.raises(ParseError, match=complaint):
        rdma.parse_device(said(INFO.replace(old, new, 1)), {})


@pytest.mark.parametrize(
    ("gid", "canonical"),
    [
        ("0000:0000:0000:0000:0000:ffff:c0a8:1f0b", "::ffff:192.168.31.11"),
        ("::FFFF:192.168.31.11", "::ffff:192.168.31.11"),
        (bytes.fromhex("fe8000000000000002110ffffe000001"), "fe80::211:fff:fe00:1"),
    ],
)
def test_gids_have_one_spelling(gid: str | bytes, canonical: str) -> None:
    assert canonical_gid(gid) == canonical
