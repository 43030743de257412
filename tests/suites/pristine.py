"""Everything that tests may change on the devices of the embedded lab, so that it can be compared."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from plugfest.inventory.models import Lab
from plugfest.sessions.pool import SessionPool

ALL = """
echo == links; ip -o link | sed 's/ qlen [0-9]*//'
echo == addresses; ip -o address
echo == routes; ip -o -4 route | sed 's/nhid [0-9]* //; s/\\\\/ /g' | tr -s ' \\t' ' ' | sort
echo == neighbours; ip neigh show nud permanent
echo == rules; nft list ruleset
echo == queues; tc qdisc show
echo == kernel; grep -sH . /proc/sys/net/ipv4/fib_multipath_hash_policy /proc/sys/net/ipv4/conf/*/forwarding
echo == lldp; lldpcli show configuration; lldpcli show interfaces | grep -E '^Interface|Administrative'
echo == files; ls -d /tmp/plugfest.* /usr/local/sbin/* 2>/dev/null
echo == programs; cat /proc/[0-9]*/comm | grep -vE '^(sshd|sh$|cat$|grep$|sort$|sftp)' | sort
"""
SWITCH = "echo == routing; vtysh -c 'show running-config'\n"
State = Mapping[str, Mapping[str, str]]
"""Text by section, by device."""


def state_of(lab: Lab, pool: SessionPool) -> dict[str, dict[str, str]]:
    """Configuration, rules, queues, programs and files of every device."""

    def one(name: str) -> dict[str, str]:
        script = ALL + (SWITCH if name in lab.switches else "")
        return _sections(pool.session(name).run("sh", "-c", script, timeout=60, check=False).out)

    with ThreadPoolExecutor() as threads:
        names = list(lab.devices)
        return dict(zip(names, threads.map(one, names), strict=True))


def differences(before: State, after: State) -> list[str]:
    """One sentence for every section of a device that is not as it was."""
    return [
        f"{device} {section} – expected\n{text}\ngot\n{after[device].get(section)}"
        for device, sections in before.items()
        for section, text in sections.items()
        if after[device].get(section) != text
    ]


def _sections(text: str) -> dict[str, str]:
    parts = (part.partition("\n") for part in text.split("== ")[1:])
    sections = {name: content for name, _, content in parts}
    assert {"addresses", "routes", "kernel", "lldp", "programs"} <= {name for name, text in sections.items() if text}
    return sections
