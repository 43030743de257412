"""`plugfest lab simulate`: somebody new tries a mixed lab on a laptop."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from plugfest.devices.simulated.faults import fault_of
from plugfest.errors import UsageError
from tests.simulated.runs import REPOSITORY, reference

SIMULATE = [sys.executable, "-m", "plugfest", "lab", "simulate"]
ASK = "from plugfest.inventory.loader import load; print(load().file, len(load().lab.switches), 'switches')"


def test_a_command_runs_with_the_lab_and_its_status_is_ours(tmp_path: Path) -> None:
    command = [*SIMULATE, "--out", str(tmp_path), "--", sys.executable, "-c", f"{ASK}; raise SystemExit(7)"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (7, f"{tmp_path}/odcc-reference-simulated.yaml 8 switches\n")


def test_it_waits_and_ends_on_request(tmp_path: Path) -> None:
    process = subprocess.Popen([*SIMULATE, "--out", str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)
    try:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(3)]
        file = re.fullmatch(r"lab file: (.*)\n", said[0])
        assert file and said[1].endswith(f"--lab {file[1]}\n")
        check = [sys.executable, "-m", "plugfest", "inventory", "check", "--lab", file[1]]
        assert "no mistakes" in subprocess.run(check, capture_output=True, text=True, check=True).stdout
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()


def test_an_embedded_lab_needs_no_simulation() -> None:
    done = subprocess.run([*SIMULATE, "--lab", "embedded"], capture_output=True, text=True, cwd=REPOSITORY, check=False)
    assert done.returncode == 2
    assert "plugfest lab up" in done.stderr


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("leaf2:400GE1/0/3:mtu=1500", "mtu", 1500),
        ("leaf1:Ethernet0:oper_up=no", "oper_up", False),
        ("leaf1:Ethernet0:neighbor=none", "neighbor", None),
    ],
)
def test_a_fault_is_written_in_one_word(text: str, field: str, value: object) -> None:
    fault = fault_of(reference(), text)
    assert (fault.port, fault.values) == (text.rpartition(f":{field}")[0], {field: value})


def test_a_crossed_cable_tells_what_is_at_its_end() -> None:
    fault = fault_of(reference(), "spine2:Ethernet1/1:neighbor=leaf1:Ethernet480")
    assert fault.values["neighbor"].system_name == "leaf1"
    assert (fault.values["neighbor"].port_id, fault.values["neighbor"].port_description) == ("Eth3", "Ethernet480")
    assert fault_of(reference(), "leaf1:Ethernet0:errors=growing").growing == {"errors"}


@pytest.mark.parametrize("text", ["leaf1:Ethernet0", "leaf1:Ethernet0:mtu=big", "leaf1:Ethernet0:colour=red"])
def test_a_fault_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="expected DEVICE:PORT: and one of admin_up=no"):
        fault_of(reference(), text)
    with pytest.raises(UsageError, match=r"expected none or a DEVICE:PORT of odcc-reference"):
        fault_of(reference(), "leaf1:Ethernet0:neighbor=nobody:eth0")
