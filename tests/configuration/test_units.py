"""Values in the units of each operating system."""

import pytest

from plugfest.configuration import units
from plugfest.configuration.intent import EcnCurve, Intent, LosslessProfile, Watchdog
from plugfest.configuration.rendering import Target, render
from plugfest.devices.protocols import Unsupported
from plugfest.errors import UsageError
from tests.configuration.switches import CHIP, PORTS, intent


def marking(minimum: int, maximum: int) -> Intent:
    curve = EcnCurve(priority=3, minimum_bytes=minimum, maximum_bytes=maximum, probability_percent=7)
    return Intent(name="marking", title="marking", lossless=LosslessProfile(ecn=(curve,)))


@pytest.mark.parametrize(
    ("dialect", "words"),
    [
        ("arista_eos", "minimum-threshold 150 kbytes maximum-threshold 1500 kbytes max-mark-probability 7"),
        ("cisco_nxos", "minimum-threshold 150 kbytes maximum-threshold 1500 kbytes drop-probability 7"),
        ("huawei_vrp", "low-limit 153600 high-limit 1536000 discard-percentage 7"),
        ("h3c_comware", "low-limit 604 high-limit 6047 discard-probability 7"),
        ("sonic", "-gmin 153600 -gmax 1536000 -gdrop 7"),
        ("cumulus_nvue", "traffic-class 3 min-threshold 153600"),
        ("frr_linux", "min 153600 max 1536000 avpkt 1000 burst 155 probability 0.07 ecn"),
    ],
)
def test_one_threshold_in_every_unit(dialect: str, words: str) -> None:
    target = Target(device="leaf1", dialect=dialect, ports=PORTS[dialect], chip=CHIP)
    assert words in render(marking(153_600, 1_536_000), target).text


@pytest.mark.parametrize("dialect", ["arista_eos", "cisco_nxos"])
def test_what_is_no_whole_number_of_kilobytes_is_refused_with_its_neighbours(dialect: str) -> None:
    target = Target(device="leaf1", dialect=dialect, ports=PORTS[dialect])
    with pytest.raises(UsageError, match=r"multiple of 1024 .*found 150000 .*write 149504 or 150528"):
        render(marking(150_000, 1_536_000), target)


def test_cells_need_a_chip_that_is_known() -> None:
    target = Target(device="leaf1", dialect="h3c_comware", ports=PORTS["h3c_comware"], chip="Abacus 1")
    with pytest.raises(UsageError, match="expected a chip whose buffer cell size is known, found Abacus 1"):
        render(marking(153_600, 1_536_000), target)
    assert units.cells(256 * 10 + 255, "Trident 3") == 10
    with pytest.raises(UsageError, match="at least one buffer cell of 208 bytes, found 100 bytes"):
        units.cells(100, "Tomahawk")


@pytest.mark.parametrize(
    ("milliseconds", "text"), [(200, "0.2"), (1000, "1"), (1250, "1.25"), (5, "0.005"), (30, "0.03")]
)
def test_seconds_have_no_superfluous_zeros(milliseconds: int, text: str) -> None:
    assert units.seconds(milliseconds) == text


def watchdog(detection: int, restoration: int, action: str = "drop") -> Intent:
    base = intent("lossless_roce")
    assert base.lossless is not None
    guard = Watchdog.model_validate(
        {"detection_milliseconds": detection, "restoration_milliseconds": restoration, "action": action}
    )
    lossless = LosslessProfile(pfc=base.lossless.pfc, classification=base.lossless.classification, watchdog=guard)
    return Intent(name="guard", title="guard", lossless=lossless)


@pytest.mark.parametrize(
    ("dialect", "words"),
    [
        ("arista_eos", "default recovery-time 0.4"),
        ("cisco_nxos", "shutdown-multiplier 2"),
        ("huawei_vrp", "deadlock-recovery timer 400"),
        ("h3c_comware", "deadlock cos 3 interval 20"),
        ("sonic", "Ethernet0 200 --restoration-time 400"),
        ("cumulus_nvue", "polling-interval 200"),
    ],
)
def test_one_watchdog_in_every_unit(dialect: str, words: str) -> None:
    target = Target(device="leaf1", dialect=dialect, ports=PORTS[dialect], chip=CHIP)
    assert words in render(watchdog(200, 400), target).text


def test_times_that_an_operating_system_cannot_hold_are_refused() -> None:
    nxos = Target(device="leaf1", dialect="cisco_nxos", ports=PORTS["cisco_nxos"])
    with pytest.raises(UsageError, match=r"multiple of 100 \(polling intervals of 100 ms\), found 250"):
        render(watchdog(250, 400), nxos)
    vrp = Target(device="leaf1", dialect="huawei_vrp", ports=PORTS["huawei_vrp"])
    with pytest.raises(UsageError, match="detection_milliseconds between 10 and 1500 on this switch, found 2000"):
        render(watchdog(2000, 400), vrp)
    with pytest.raises(Unsupported, match="cisco_nxos cannot be told a watchdog that forwards"):
        render(watchdog(200, 400, "forward"), nxos)
