"""DCB state of a host's port: from iproute2's ``dcb``, else from NVIDIA's ``mlnx_qos``."""

from collections.abc import Iterator

from plugfest.devices.protocols import Unsupported
from plugfest.errors import CommandError
from plugfest.nics.dialect import DIALECT
from plugfest.records import Record
from plugfest.sessions.protocol import SessionProtocol

DCB = (
    ("dcb", "-j", "-s", "pfc", "show", "dev"),
    ("dcb", "-j", "ets", "show", "dev"),
    ("dcb", "-j", "app", "show", "dev"),
    ("dcb", "-j", "apptrust", "show", "dev"),
    ("dcb", "-j", "buffer", "show", "dev"),
)
"""A driver implements some of them: what it refuses gives no record, hence nothing is known of it."""
MLNX_QOS = ("mlnx_qos", "-i")


def lossless_settings(host: str, session: SessionProtocol, port: str) -> tuple[Record, ...]:
    """Records of everything the port's driver tells; Unsupported with what was said if it tells nothing."""
    said: list[str] = []
    found = [record for command in DCB for record in _told(host, session, (*command, port), said)]
    if not found:
        found = list(_told(host, session, (*MLNX_QOS, port), said))
    if not found:
        raise Unsupported(f"{host} cannot answer: DCB of {port}; {'; '.join(dict.fromkeys(said))}")
    return tuple(found)


def _told(host: str, session: SessionProtocol, argv: tuple[str, ...], said: list[str]) -> Iterator[Record]:
    """Records of one command; what a command that fails printed goes to `said`."""
    result = session.run(*argv, check=False, idempotent=True)
    if not result.ok or not result.out.strip():
        said.append(f"`{result.command}` said: {result.said}")
        return
    try:
        yield from DIALECT.parse(" ".join(argv), result.out.rstrip("\n") + "\n", device=host)
    except CommandError as error:
        said.append(str(error))
