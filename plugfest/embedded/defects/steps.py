"""The three ways to impose a defect – packet rules, queues, commands – written down as changes with their undo."""

import re
import shlex
from typing import Annotated

from pydantic import BeforeValidator, Field

from plugfest.devices.changes import Change, Command, ReadBack
from plugfest.inventory.fields import Name
from plugfest.inventory.models import PortReference
from plugfest.records import Record

HOOKS = {"leaving": "egress", "arriving": "ingress"}


def _reference(value: object) -> object:
    if isinstance(value, str) and value.count(":") == 1:
        device, port = value.split(":")
        return {"device": device, "port": port}
    return value


def _lines(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Place = Annotated[PortReference, BeforeValidator(_reference)]
"""In YAML ``leaf1:swp49``."""
Lines = Annotated[tuple[str, ...], BeforeValidator(_lines), Field(min_length=1)]
"""In YAML one text or a list of texts."""


class RuleStep(Record):
    """nftables rules on the packets that leave or arrive by one port."""

    port: Place
    leaving: Lines | None = None
    """Rules for packets that leave by the port, in nft syntax."""
    arriving: Lines | None = None
    """Rules for packets that arrive there."""

    def change(self, defect: str) -> Change:
        """The rules as one table."""
        table = f"plugfest_defect_{_word(defect)}_{_word(self.port.port)}"
        chains = [self._chain(word, rules) for word in HOOKS if (rules := getattr(self, word))]
        text = f"table netdev {table} {{\n{''.join(chains)}}}"
        return Change(
            device=self.port.device,
            description=f"defect {defect}: rules at {self.port}",
            do=(("nft", f"add table netdev {table}; delete table netdev {table}\n{text}"),),
            undo=(("nft", f"add table netdev {table}; delete table netdev {table}"),),
            read_back=ReadBack(
                ask=("nft", "list", "tables", "netdev"),
                made=rf"^table netdev {table}$",
                undone=rf"\A(?![\s\S]*^table netdev {table}$)",
            ),
        )

    def _chain(self, word: str, rules: tuple[str, ...]) -> str:
        head = f'type filter hook {HOOKS[word]} device "{self.port.port}" priority 10; policy accept;'
        return f"  chain {word} {{\n    {head}\n" + "".join(f"    {rule}\n" for rule in rules) + "  }\n"


class QueueStep(Record):
    """A queueing discipline on one port."""

    port: Place
    queue: str
    """Kind and arguments in tc syntax, such as ``netem loss 0.1%``."""

    def change(self, defect: str) -> Change:
        """The queue as the port's root."""
        kind = shlex.split(self.queue)[0]
        return Change(
            device=self.port.device,
            description=f"defect {defect}: queue at {self.port}: {self.queue}",
            do=(("tc", "qdisc", "replace", "dev", self.port.port, "root", *shlex.split(self.queue)),),
            undo=(("tc", "qdisc", "del", "dev", self.port.port, "root"),),
            read_back=ReadBack(
                ask=("tc", "qdisc", "show", "dev", self.port.port),
                made=rf"^qdisc {kind} ",
                undone=rf"\A(?![\s\S]*^qdisc {kind} )",
            ),
        )


class CommandStep(Record):
    """Any commands on one device; quoted as in a shell, but run without one."""

    on: Name
    do: Lines
    undo: Lines

    def change(self, defect: str) -> Change:
        """The commands as they are."""
        return Change(
            device=self.on,
            description=f"defect {defect}: {self.do[0]:.80}",
            do=tuple(map(_argv, self.do)),
            undo=tuple(map(_argv, self.undo)),
        )


class WrapStep(Record):
    """A program of one device is wrapped by a shell script that changes what it is told or what it answers."""

    on: Name
    program: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    arguments: str | None = None
    """sed script on its arguments, which are one line."""
    answer: str | None = None
    """sed script on what it prints."""

    def change(self, defect: str) -> Change:
        """A script of the program's name, found before the program itself."""
        path = f"/usr/local/sbin/{self.program}"
        lines = ["#!/bin/sh", "PATH=/usr/sbin:/usr/bin"]
        if self.arguments:
            lines.append(f'set -- $(echo "$*" | sed {shlex.quote(self.arguments)})')
        lines.append(f'{self.program} "$@"' + (f" | sed {shlex.quote(self.answer)}" if self.answer else ""))
        body = "\n".join((*lines, ""))
        write = f"printf %s {shlex.quote(body)} > {path} && chmod 755 {path}"
        return Change(
            device=self.on,
            description=f"defect {defect}: {self.program} of {self.on} is not itself",
            do=(("sh", "-c", write),),
            undo=(("rm", "-f", path),),
        )


Step = RuleStep | QueueStep | CommandStep | WrapStep


def _argv(text: str) -> Command:
    return tuple(shlex.split(text))


def _word(text: str) -> str:
    return re.sub(r"\W", "_", text)
