"""One read command of a dialect: how it is typed, what it answers, which parser reads it, how far it is proven."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from plugfest.devices.dialects.output import Output
from plugfest.records import Record

PLACEHOLDERS = {
    "port": r"[a-z][a-z-]*(?: ?\d[\w./:-]*)|\d+[a-z]+ ?\d[\w./:-]*|[a-z]\w*\d[\w./:-]*",
    "ports": r"[a-z][a-z-]*\d[\w/.-]*(?:,[a-z-]*\d[\w/.-]*)*",
    "kind": r"[a-z][a-z-]*",
    "slot": r"\d+(?:/\d+)*",
    "vrf": r"\S+",
    "prefix": r"[0-9a-f.:]+(?:/\d+| \d+)?",
    "queue": r"\d+",
    "profile": r"\S+",
    "namespace": r"\S+",
    "index": r"\d+",
    "chip": r"\d+",
    "unit": r"\d+",
    "lane": r"\d+",
    "fields": r"[a-z][\w.,]*",
    "netdev": r"(?!-)[\w.:@-]+",
    "rdma_device": r"(?!-)[\w.-]+",
    "card": r"(?!-)\w+",
    "port_of_device": r"[\w.-]+/\d+",
    "shown": r"[\w,]+",
    "options": r"\S.*",
    "more": r"\S.*",
}


ABBREVIATES = r"(?:display|show) "
"""How commands begin on command lines that accept words cut short."""


class Question(StrEnum):
    """What a suite may want to know of a switch or a host."""

    VERSION = "version"
    INTERFACES = "interfaces"
    INTERFACE_COUNTERS = "interface counters"
    CARRIER_CHANGES = "carrier changes"
    FEC = "FEC mode"
    FEC_COUNTERS = "FEC counters"
    FEC_HISTOGRAM = "FEC histogram"
    OPTICS = "optics"
    LLDP = "LLDP neighbours"
    PFC_CONFIG = "PFC configuration"
    PFC_COUNTERS = "PFC counters"
    PFC_WATCHDOG = "PFC watchdog"
    QUEUE_COUNTERS = "queue counters"
    DROPS = "drop counters"
    WATERMARKS = "watermarks"
    ECN_CONFIG = "ECN/WRED configuration"
    ECN_COUNTERS = "ECN counters"
    BUFFERS = "buffer pools and thresholds"
    TRUST = "DSCP maps and trust"
    ETS = "ETS"
    DCBX = "DCBX"
    BGP = "BGP neighbours"
    ROUTES = "routes"
    ARP = "ARP"
    ACCELERATORS = "accelerators"
    HEALTH = "accelerator health"
    IDENTITY = "accelerator identity, firmware"
    TOPOLOGY = "accelerator topology"
    PCI = "PCI devices"
    NICS = "NIC cards, drivers"
    RDMA_DEVICES = "RDMA devices"
    GIDS = "GID table"
    RDMA_COUNTERS = "RDMA counters"
    TRAFFIC = "traffic results"


class Evidence(StrEnum):
    """Where our knowledge of an output's form comes from."""

    DEVICE = "verified"
    """Outputs of real devices, or the vendor's own tests of the printing code."""
    MANUAL = "documented"
    """Examples in the vendor's command reference."""
    NONE = "unverified"
    """Similarity to a relative, or second-hand notes: check the first real output with care."""


@dataclass(frozen=True)
class Reading:
    """A read command and its parser.  `commands` are the accepted forms; the first is the usual one."""

    commands: tuple[str, ...]
    """``{port}`` and the like stand for arguments, ``[…]`` for parts that may be left out."""
    answers: tuple[Question, ...]
    parse: Callable[[Output], Sequence[Record]]
    evidence: Evidence
    swallows_stdin: bool = False

    @property
    def command(self) -> str:
        """The usual form, with arguments in capitals: ``display dcb pfc [interface PORT]``."""
        return shown(self.commands[0])

    def arguments(self, typed: str) -> Mapping[str, str] | None:
        """Arguments of a command line that is one of our forms; None if it is none of them."""
        return next((_arguments(found) for form in self.commands if (found := _match(_pattern(form), typed))), None)

    def abbreviated(self, typed: str) -> tuple[Mapping[str, str], int] | None:
        """The same where words may be cut short, as in ``dis int b``, with the number of words that are not."""
        if not re.match(ABBREVIATES, self.commands[0]):
            return None
        written = set(typed.lower().split())
        found = [
            (_arguments(match), len(written & set(re.findall(r"[\w-]+", form))))
            for form in self.commands
            if (match := _match(_pattern(form, _cut_short), typed))
        ]
        return max(found, key=lambda each: each[1], default=None)


def _match(pattern: str, typed: str) -> re.Match[str] | None:
    return re.fullmatch(pattern, " ".join(typed.split()), re.IGNORECASE)


def _arguments(found: re.Match[str]) -> Mapping[str, str]:
    return {name: text for name, text in found.groupdict().items() if text}


def shown(form: str) -> str:
    """A form as people write it: ``{port}`` becomes ``PORT``."""
    return re.sub(r"\{(\w+)\}", lambda found: found[1].upper(), form)


def filled(form: str, port: str | None) -> str | None:
    """A form as it is typed: optional parts only if they hold the port; None if an argument is missing."""
    wanted = r" ?\[([^]]*\{port\}[^]]*)\]" if port else r"(?!)"
    text = re.sub(wanted, lambda found: f" {found[1]}", form)
    text = re.sub(r" ?\[[^]]*\]", "", text).replace("{port}", port or "{port}")
    return None if "{" in text else " ".join(text.split())


def _cut_short(text: str) -> str:
    """A pattern for the words of `text` and for the beginnings of each."""
    return "".join(
        "".join(f"(?:{letter}" for letter in piece[1:]).join((piece[0], ")?" * (len(piece) - 1)))
        if re.fullmatch(r"[a-z]+(?:-[a-z]+)*", piece)
        else re.escape(piece)
        for piece in re.split(r"([a-z]+(?:-[a-z]+)*)", text)
    )


def _pattern(form: str, literally: Callable[[str], str] = re.escape) -> str:
    """A form as a regular expression: ``display dcb pfc interface [{port}]``."""
    pattern = ""
    for piece in re.split(r"( ?\[|\]|\{\w+\})", form):
        if piece in ("[", " ["):
            pattern += f"(?:{piece[:-1]}"
        elif piece == "]":
            pattern += ")?"
        elif piece.startswith("{"):
            pattern += f"(?P<{piece[1:-1]}>{PLACEHOLDERS[piece[1:-1]]})"
        else:
            pattern += literally(piece)
    return pattern
