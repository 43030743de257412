"""The mark by which a later run knows what a killed one left."""

import os

import psutil

from plugfest.sessions.session import Session
from plugfest.sessions.tag import RunTag, alive, controller, own_tag, temporary


def test_a_tag_is_found_again_in_texts() -> None:
    tag = own_tag()
    assert RunTag.found_in(f"PLUGFEST_TAG={tag}") == tag
    assert RunTag.found_in(f"/tmp/{temporary('.pcap')}") == tag
    assert RunTag.found_in("/tmp/plugfest.abc.pcap") is None


def test_only_what_dead_processes_of_this_controller_made_is_ours_to_end() -> None:
    assert not own_tag().ours_to_end
    dead = RunTag(controller=controller(), pid=4_194_305, started=1)
    assert dead.ours_to_end
    assert not dead.model_copy(update={"controller": "00000000"}).ours_to_end


def test_a_reused_process_number_is_another_process() -> None:
    started = psutil.Process().create_time()
    assert alive(os.getpid(), started)
    assert not alive(os.getpid(), started - 100)


def test_every_program_on_a_device_carries_the_tag(session: Session) -> None:
    assert session.run("printenv", "PLUGFEST_TAG").out.strip() == str(own_tag())
    with session.start("sleep", "300") as program:
        environment = session.run("cat", f"/proc/{program.pid}/environ").out.split("\0")
    assert f"PLUGFEST_TAG={own_tag()}" in environment
