"""What other switches than Linux can be told to do to packets."""

from pathlib import Path

import pytest

from plugfest.devices.access_rule import AccessRule
from plugfest.devices.changes import make, revert
from plugfest.devices.dialects import registry
from plugfest.devices.dialects.sonic.marking import mark_all
from plugfest.devices.dialects.switch import DialectSwitch
from plugfest.devices.protocols import Unsupported
from plugfest.devices.qos_records import EcnProfile
from plugfest.errors import LabError
from plugfest.sessions.result import CommandResult
from tests.devices.recorded import said
from tests.devices.test_changes import Device, session

GREEN = EcnProfile(
    name="LOSSLESS",
    color="green",
    ecn="ecn_all",
    min_threshold_bytes=250_000,
    max_threshold_bytes=2_097_152,
    probability_percent=5,
)
SHOW_ECN = """Profile: LOSSLESS
-------------------  --------
green_drop_probability  5
green_max_threshold  {maximum}
green_min_threshold  {minimum}
ecn  ecn_all
-------------------  --------
"""


class Terminal:
    """A command line that knows these answers."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers

    def run(self, command: str, timeout: float = 30.0, check: bool = True) -> CommandResult:
        return said(self.answers[command], command)


def sonic(answer: str) -> DialectSwitch:
    return DialectSwitch("leaf1", registry.dialect("sonic"), Terminal({"show ecn": answer}))


def test_sonic_marks_from_the_first_byte_on_and_gets_its_thresholds_back() -> None:
    state = {"-gmin": "250000", "-gmax": "2097152"}

    def answer(command: str) -> str:
        words = command.split()
        state.update({name: words[words.index(name) + 1] for name in state if name in words})
        return SHOW_ECN.format(minimum=state["-gmin"], maximum=state["-gmax"]) if command == "show ecn" else ""

    change = sonic(SHOW_ECN.format(minimum=250_000, maximum=2_097_152)).mark_all("Ethernet0")
    device = Device(answer)
    make(change, session(device))
    assert state == {"-gmin": "0", "-gmax": "1"}
    revert(change, session(device))
    assert device.commands == [
        "sudo config ecn -profile LOSSLESS -gmin 0 -gmax 1 -gdrop 100",
        "show ecn",
        "sudo config ecn -profile LOSSLESS -gmin 250000 -gmax 2097152 -gdrop 5",
        "show ecn",
    ]


def test_a_setting_without_effect_is_told() -> None:
    change = mark_all("leaf1", [GREEN])
    with pytest.raises(LabError, match="ECN profile LOSSLESS of leaf1 from 250000-2097152 bytes to 0-1"):
        make(change, session(Device(lambda _: SHOW_ECN.format(minimum=250_000, maximum=2_097_152))))


@pytest.mark.parametrize(
    ("profiles", "reason"),
    [
        ([], "expected one ECN profile with green thresholds, got none"),
        ([GREEN, GREEN.model_copy(update={"name": "OTHER"})], "got LOSSLESS, OTHER"),
        ([GREEN.model_copy(update={"probability_percent": None})], "does not tell all its green thresholds"),
    ],
)
def test_thresholds_that_could_not_be_restored_are_left_alone(profiles: list[EcnProfile], reason: str) -> None:
    with pytest.raises(Unsupported, match=reason):
        mark_all("leaf1", profiles)


@pytest.mark.parametrize("name", [name for name in registry.NAMES if name != "sonic"])
def test_other_dialects_say_that_they_cannot(name: str) -> None:
    switch = DialectSwitch("leaf1", registry.dialect(name), Terminal({}))
    with pytest.raises(Unsupported, match="leaf1: cannot mark everything that leaves by 1/0/1"):
        switch.mark_all("1/0/1")
    with pytest.raises(Unsupported, match="leaf1: cannot drop packets by an access list at 1/0/1"):
        switch.drop_by_acl("1/0/1", AccessRule())


def test_marks_are_those_of_the_ports_queues() -> None:
    recordings = Path(__file__).parents[1] / "devices/dialects/recordings/sonic"
    text = (recordings / "show_queue_wredcounters/good_1.txt").read_text()
    ports = ("Ethernet8", "Ethernet999")
    terminal = Terminal({f"show queue wredcounters {port}": text for port in ports})
    switch = DialectSwitch("leaf1", registry.dialect("sonic"), terminal)
    assert switch.marks("Ethernet8") == 311_044
    with pytest.raises(Unsupported, match="leaf1: Ethernet999 counts no ECN marks"):
        switch.marks("Ethernet999")
