"""DCB state of a port: dcb where the driver speaks it, mlnx_qos else, Unsupported with the reason at last."""

import pytest

from plugfest.devices.protocols import Unsupported
from plugfest.devices.qos_records import DscpMapping, PfcConfig, TrustMode
from plugfest.nics.lossless import lossless_settings
from tests.accelerators.host import FakeHost, recorded

PORT = "ens3f0np0"
REFUSED = "Attribute read: Operation not supported\n"


def only(kind: type, records: tuple[object, ...]) -> list[object]:
    return [record for record in records if isinstance(record, kind)]


def test_dcb_answers_first_and_what_it_refuses_is_left_out() -> None:
    told = {command: text for command, text in recorded("rdma_host").items() if command.startswith("dcb")}
    del told[f"dcb -j apptrust show dev {PORT}"]
    found = lossless_settings("gpu1", FakeHost(told, {f"dcb -j apptrust show dev {PORT}": REFUSED}), PORT)
    assert only(PfcConfig, found) == [PfcConfig(port=PORT, priorities=(3,))]
    assert DscpMapping(map=PORT, dscp=26, priority=3) in found
    assert only(TrustMode, found) == []


def test_mlnx_qos_answers_where_dcb_does_not() -> None:
    told = {f"mlnx_qos -i {PORT}": recorded("rdma_host")[f"mlnx_qos -i {PORT}"]}
    found = lossless_settings("gpu1", FakeHost(told), PORT)
    assert only(TrustMode, found) == [TrustMode(port=PORT, modes=("dscp",))]


def test_a_port_without_either_says_what_was_tried() -> None:
    with pytest.raises(Unsupported, match=r"gpu1 cannot answer: DCB of ens3f0np0; `dcb -j -s pfc .*mlnx_qos"):
        lossless_settings("gpu1", FakeHost({}, {f"dcb -j -s pfc show dev {PORT}": REFUSED}), PORT)
