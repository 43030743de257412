import json
import os
from pathlib import Path

import pytest

from plugfest.embedded import acceleration, qemu
from plugfest.embedded.image import LabImage
from plugfest.errors import UsageError
from tests.embedded.conftest import MakeProgram

VERSION = '[ "$1" = --version ] && { echo QEMU emulator version 9.9; exit; }\n'


@pytest.fixture
def some_image(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> LabImage:
    monkeypatch.delenv("PLUGFEST_ACCEL", raising=False)
    # This machine may lack the device; whether it works is then up to the program.
    monkeypatch.setattr(os, "access", lambda path, mode: True)
    qemu.version.cache_clear()
    boot = own_folders / "image/boot/initramfs"
    boot.mkdir(parents=True)
    (boot / "busybox").write_text("busybox")
    return LabImage(folder=own_folders / "image")


def test_a_guest_that_lives_proves_hardware_virtualisation(some_image: LabImage, make_program: MakeProgram) -> None:
    make_program("qemu-system-x86_64", VERSION + "echo boot; echo 'plugfest: acceleration works'")
    assert acceleration.acceleration(some_image, lambda line: None) == "kvm"


def test_a_guest_that_dies_does_not_and_the_answer_is_remembered(
    some_image: LabImage, make_program: MakeProgram, own_folders: Path
) -> None:
    make_program("qemu-system-x86_64", VERSION + f"echo probe >>{own_folders}/probes; exit 1")
    said: list[str] = []
    assert [acceleration.acceleration(some_image, said.append) for _ in range(3)] == ["tcg"] * 3
    assert (own_folders / "probes").read_text() == "probe\n"
    assert said == ["probing whether hardware virtualisation works (once)"]


def test_a_guest_that_hangs_is_given_up(some_image: LabImage, make_program: MakeProgram) -> None:
    make_program("qemu-system-x86_64", VERSION + "exec sleep 60")
    assert acceleration.kvm_works(some_image, limit=0.3) is False


def test_another_kernel_or_emulator_is_probed_again(
    some_image: LabImage, make_program: MakeProgram, own_folders: Path
) -> None:
    make_program("qemu-system-x86_64", VERSION + "exit 1")
    acceleration.acceleration(some_image, lambda line: None)
    memory = own_folders / "cache/embedded/acceleration.json"
    remembered = json.loads(memory.read_text())
    memory.write_text(json.dumps({**remembered, "machine": ["another boot", "6.1", "QEMU"], "acceleration": "kvm"}))
    assert acceleration.acceleration(some_image, lambda line: None) == "tcg"


def test_the_environment_decides(some_image: LabImage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUGFEST_ACCEL", "kvm")
    assert acceleration.acceleration(some_image, lambda line: None) == "kvm"
    monkeypatch.setenv("PLUGFEST_ACCEL", "turbo")
    with pytest.raises(UsageError, match="PLUGFEST_ACCEL is 'turbo'; expected kvm or tcg"):
        acceleration.acceleration(some_image, lambda line: None)


def test_no_device_means_emulation(some_image: LabImage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert acceleration.acceleration(some_image, lambda line: None) == "tcg"
