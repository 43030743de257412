"""Detection by PCI id, listing by tool, and what a host without the tool says."""

import pytest

from plugfest.accelerators.detection import detect, families, family_of_maker
from plugfest.accelerators.host import AcceleratorHost, typed
from plugfest.accelerators.records import Health
from plugfest.accelerators.summary import versions
from plugfest.devices.protocols import Unsupported
from plugfest.errors import CommandError, ParseError
from plugfest.nics.pci import SHOW_UEVENTS
from plugfest.nics.records import PciDevice
from tests.accelerators.host import FakeHost, recorded, uevent

NVIDIA = uevent("0000:1b:00.0", "10DE", "2335", "30200", "nvidia") + uevent("0000:9b:00.0", "10DE", "2335", "30200")
ASCEND = "".join(uevent(f"0000:{bus}:00.0", "19E5", "D803") for bus in ("9d", "9f", "99"))


def pci(vendor: str, device: str, kind: str) -> PciDevice:
    return PciDevice(bus="0000:01:00.0", kind=None, class_id=kind, vendor_id=vendor, device_id=device)


@pytest.mark.parametrize(
    ("device", "family"),
    [
        (pci("19e5", "d802", "1200"), "ascend"),
        (pci("cabc", "0370", "1200"), "cambricon"),
        (pci("1d94", "62b7", "0380"), "hygon"),
        (pci("9999", "4001", "0302"), "metax"),
        (pci("1ed5", "0400", "0300"), "moore_threads"),
        (pci("1e3e", "0002", "1200"), "iluvatar"),
        (pci("1e36", "c035", "1200"), "enflame"),
        (pci("1d22", "3684", "1200"), "kunlunxin"),
        (pci("1ded", "0001", "1200"), "thead_ppu"),
        (pci("1ee0", "0001", "1200"), "biren"),
        (pci("10de", "2335", "0302"), "nvidia"),
        (pci("1002", "74a1", "1200"), "amd"),
    ],
)
def test_families_are_known_by_pci_id(device: PciDevice, family: str) -> None:
    assert [match.family for match in detect([device])] == [family]


def test_management_display_and_nics_of_the_same_maker_are_no_accelerators() -> None:
    board = pci("19e5", "1711", "0300")
    nic = pci("19e5", "0222", "0200")
    assert detect([board, nic, pci("1a03", "2000", "0300")]) == ()


def test_second_hand_pci_ids_are_marked() -> None:
    (verified,), (unverified,) = detect([pci("19e5", "d801", "1200")]), detect([pci("19e5", "d802", "1200")])
    assert (verified.verified, unverified.verified) == (True, False)


def test_every_family_is_complete() -> None:
    for each in families():
        assert each.makers, each.name
        for form in each.listing:
            each.dialect.find(form.replace("{index}", "0").replace("{chip}", "0"))
    assert family_of_maker("Huawei") is family_of_maker("ascend")
    assert family_of_maker("Acme") is None


def test_accelerators_of_one_family() -> None:
    host = AcceleratorHost("gpu1", FakeHost({SHOW_UEVENTS: NVIDIA, **recorded("nvidia")}))
    found = host.accelerators()
    assert [each.bus for each in found] == ["0000:1b:00.0", "0000:9b:00.0"]
    assert [each.health for each in found] == [Health.WARNING, Health.OK]
    assert versions(found) == {
        "accelerators": "2x NVIDIA H200",
        "accelerator driver": "570.124.06",
        "accelerator firmware": "96.00.BC.00.02",
    }


def test_answers_of_several_commands_are_one_record() -> None:
    board = recorded("ascend")["npu-smi info -t board -i 3 -c 0"]
    answers = {SHOW_UEVENTS: ASCEND, "npu-smi info": recorded("ascend")["npu-smi info"]}
    for index, chip in ((0, 0), (0, 1), (1, 0)):
        text = board.replace(": 3\n", f": {index}\n").replace("Chip ID                        : 0", f"Chip ID : {chip}")
        answers[f"npu-smi info -t board -i {index} -c {chip}"] = text
    found = AcceleratorHost("gpu1", FakeHost(answers)).accelerators()
    assert [(each.index, each.chip, each.firmware) for each in found] == [
        (0, 0, "7.3.0.1.231"),
        (0, 1, "7.3.0.1.231"),
        (1, 0, "7.3.0.1.231"),
    ]
    assert found[1].health is Health.FAULT
    assert found[0].memory_total_bytes == 64 * 2**30


def test_a_refused_second_command_leaves_its_fields_unmeasured() -> None:
    answers = {SHOW_UEVENTS: ASCEND, "npu-smi info": recorded("ascend")["npu-smi info"]}
    found = AcceleratorHost("gpu1", FakeHost(answers)).accelerators()
    assert [each.firmware for each in found] == [None, None, None]


def test_an_unverified_second_command_is_read_if_it_can_be() -> None:
    card = uevent("0000:17:00.0", "1E3E", "0002") + uevent("0000:1a:00.0", "1E3E", "0002")
    known = {SHOW_UEVENTS: card, "ixsmi": recorded("iluvatar")["ixsmi"]}
    strange = AcceleratorHost("gpu1", FakeHost(known | {"ixsmi -q": "something new\n"})).accelerators()
    assert [each.firmware for each in strange] == [None, None]
    usual = AcceleratorHost("gpu1", FakeHost(known | {"ixsmi -q": recorded("iluvatar")["ixsmi -q"]})).accelerators()
    assert [each.firmware for each in usual] == ["2.0.19", None]


def test_a_host_without_accelerators_has_none() -> None:
    nic = uevent("0000:81:00.0", "15B3", "1021", "20000", "mlx5_core")
    assert AcceleratorHost("h1", FakeHost({SHOW_UEVENTS: nic})).accelerators() == ()


def test_a_missing_tool_is_told_with_what_pci_shows() -> None:
    with pytest.raises(Unsupported, match=r"nvidia-smi is missing; PCI: 0000:1b:00.0 10de:2335"):
        AcceleratorHost("gpu1", FakeHost({SHOW_UEVENTS: NVIDIA})).accelerators()
    with pytest.raises(Unsupported, match="lists no PCI devices in sysfs"):
        AcceleratorHost("h1", FakeHost({})).accelerators()


def test_a_driver_that_does_not_answer_is_an_error_and_an_unknown_answer_too() -> None:
    refused = FakeHost(
        {SHOW_UEVENTS: NVIDIA}, {"nvidia-smi -q -x": "Failed to initialize NVML: Driver/library mismatch\n"}
    )
    with pytest.raises(CommandError, match="Failed to initialize NVML"):
        AcceleratorHost("gpu1", refused).accelerators()
    with pytest.raises(ParseError, match="this is not the XML"):
        AcceleratorHost("gpu1", FakeHost({SHOW_UEVENTS: NVIDIA, "nvidia-smi -q -x": "hello\n"})).accelerators()


def test_tools_outside_the_search_path_are_found() -> None:
    place = "/usr/local/Ascend/driver/tools/hccn_tool"
    host = AcceleratorHost("gpu1", FakeHost({f"{place} -i 0 -link -g": "link status: UP\n"}))
    ascend = family_of_maker("ascend")
    assert ascend is not None
    assert host.program(ascend, "hccn_tool") == place
    assert host.answer(ascend, "hccn_tool -i 0 -link -g") == "link status: UP\n"


def test_forms_are_typed_once_or_for_each_device() -> None:
    devices = [{"index": "0", "chip": "0"}, {"index": "0", "chip": "1"}]
    assert list(typed("mx-smi -L", devices)) == ["mx-smi -L"]
    assert list(typed("efsmi -q [-i {index}]", devices)) == ["efsmi -q"]
    assert list(typed("x -i {index} -c {chip}", devices)) == ["x -i 0 -c 0", "x -i 0 -c 1"]
    assert list(typed("ib_write_bw {options}", devices)) == []
