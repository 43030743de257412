"""What is still alive on this machine, where the loopback sessions end up."""

from pathlib import Path

import psutil

from plugfest.bench.loopback_sshd import LoopbackSshd
from plugfest.sessions.deadline import Deadline


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def await_end(pid: int) -> None:
    Deadline(f"end of process {pid}", 10).wait_for(lambda: not alive(pid), interval=0.05)


def await_pid(file: Path) -> int:
    """The process id that a remote command wrote into `file`."""
    text = Deadline(f"process id in {file}", 20).wait_for(
        lambda: file.exists() and file.read_text().strip(), interval=0.05
    )
    return int(text)


def cut_connections(sshd: LoopbackSshd) -> int:
    """Kill the server's processes that serve connections, not the listener; how many there were."""
    children = psutil.Process(sshd.pid).children(recursive=False)
    for child in children:
        for process in (child, *child.children(recursive=False)):
            if process.name().startswith("sshd"):
                process.kill()
    return len(children)
