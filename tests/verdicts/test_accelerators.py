"""Verdicts on accelerators: the right number, the right model, well, and beside the right NICs."""

import pytest

from plugfest.accelerators.records import Accelerator, Health
from plugfest.devices.records import RdmaDevice
from plugfest.inventory.models import Accelerators, Nic
from plugfest.verdicts.accelerators import nics_as_cabled, present_and_healthy
from plugfest.verdicts.verdict import Outcome

NAMED = (Accelerators(vendor="MetaX", model="C550", count=2),)
GOOD = tuple(
    Accelerator(index=index, model="MetaX C550", health=Health.OK, health_words="Available", uncorrected_ecc_errors=0)
    for index in range(2)
)


def changed(**fields: object) -> tuple[Accelerator, ...]:
    return (GOOD[0], GOOD[1].model_copy(update=fields))


def test_all_there_and_well() -> None:
    assert present_and_healthy("gpu1", NAMED, GOOD).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("seen", "outcome", "words"),
    [
        (GOOD[:1], Outcome.FAILED, "gpu1 accelerators – expected 2, got 1"),
        ((), Outcome.FAILED, "gpu1 accelerators – expected 2, got 0"),
        (changed(model="MetaX C500"), Outcome.FAILED, "expected 2, got 1 of MetaX C500, MetaX C550"),
        (changed(model=None), Outcome.INCONCLUSIVE, "models are not told"),
        (changed(health=Health.FAULT, health_words="Not Available"), Outcome.FAILED, "expected ok, got Not Available"),
        (changed(health=None, health_words=None), Outcome.INCONCLUSIVE, "expected ok, got not told"),
        (changed(uncorrected_ecc_errors=3), Outcome.FAILED, "uncorrected memory errors – expected 0, got 3"),
    ],
)
def test_what_is_wrong_is_told(seen: tuple[Accelerator, ...], outcome: Outcome, words: str) -> None:
    verdict = present_and_healthy("gpu1", NAMED, seen)
    assert verdict.outcome is outcome
    assert words in verdict.explain()


def test_tools_that_tell_no_health_are_judged_by_what_they_tell() -> None:
    silent = tuple(Accelerator(index=index, model="K100_AI") for index in range(4))
    assert present_and_healthy("gpu2", (Accelerators(vendor="Hygon", model="K100", count=4),), silent).outcome is (
        Outcome.PASSED
    )


@pytest.mark.parametrize(
    ("lab", "tool"),
    [
        ("H100 SXM", "NVIDIA H100 80GB HBM3"),
        ("Instinct MI300X", "AMD Instinct MI300X OAM"),
        ("910C", "Ascend910"),
        ("BI-V150", "Iluvatar BI-V150S"),
        ("ZW810E", "PPU-ZW810E"),
        ("MTT S5000", "MTT S5000"),
        ("P800", "P800 OAM"),
    ],
)
def test_models_are_recognised_as_people_write_them(lab: str, tool: str) -> None:
    named = (Accelerators(vendor="any", model=lab),)
    assert present_and_healthy("gpu1", named, (Accelerator(index=0, model=tool),)).outcome is Outcome.PASSED


def test_a_longer_number_is_another_model() -> None:
    named = (Accelerators(vendor="NVIDIA", model="H20"),)
    assert present_and_healthy("gpu1", named, (Accelerator(index=0, model="NVIDIA H200"),)).outcome is Outcome.FAILED


NIC = Nic(vendor="NVIDIA", model="ConnectX-7", rdma_device="mlx5_0", port="ens3f0np0")


def rdma(name: str = "mlx5_0", netdev: str | None = "ens3f0np0", state: str = "ACTIVE") -> RdmaDevice:
    return RdmaDevice(name=name, port=1, netdev=netdev, state=state, active_mtu=4096)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        ((rdma(),), Outcome.PASSED),
        ((rdma(name="mlx5_9"),), Outcome.FAILED),
        ((rdma(netdev="ens3f1np1"),), Outcome.FAILED),
        ((rdma(netdev=None),), Outcome.INCONCLUSIVE),
        ((rdma(state="DOWN"),), Outcome.FAILED),
        ((), Outcome.FAILED),
    ],
)
def test_rdma_devices_on_cabled_ports(seen: tuple[RdmaDevice, ...], outcome: Outcome) -> None:
    assert nics_as_cabled("gpu1", (NIC,), seen).outcome is outcome


def test_without_rdma_devices_nothing_is_judged() -> None:
    assert nics_as_cabled("gpu1", (), ()).outcome is Outcome.INCONCLUSIVE
