"""Switches that are configured by shell commands: SONiC's database and NVUE's pending revision."""

import copy
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from plugfest.devices.simulated.configuration import HANG_UP, Sabotage
from plugfest.devices.simulated.configuration.grammar import NVUE_LINES

Tables = dict[str, dict[str, dict[str, Any]]]
ECN_OPTIONS = {
    f"{letter}{option}": f"{color}_{field}"
    for letter, color in (("g", "green"), ("y", "yellow"), ("r", "red"))
    for option, field in (("min", "min_threshold"), ("max", "max_threshold"), ("drop", "drop_probability"))
}


class SonicConfiguration:
    """SONiC's configuration database with its commands, patches and checkpoints."""

    def __init__(self, tables: Tables, sabotage: Sabotage | None = None) -> None:
        self.tables, self.sabotage = copy.deepcopy(tables), sabotage or Sabotage()
        self.checkpoints: dict[str, Tables] = {}
        self._patch = ""

    def prompt(self, terminal: object) -> None:
        """A shell has no views."""

    def answer(self, terminal: object, command: str) -> str | None:
        """What a `config` command prints; None for other commands."""
        if self.sabotage.cut(command):
            return HANG_UP
        if command == self.sabotage.refuse:
            return "Usage: config [OPTIONS] COMMAND [ARGS]...\n"
        if command == "sonic-cfggen -d --print-data":
            return json.dumps(self.tables, indent=4, sort_keys=True) + "\n"
        if command == self.sabotage.forget:
            return ""
        for pattern, act in COMMANDS.items():
            if found := re.fullmatch(pattern, command):
                return act(self, *found.groups())
        return "Usage: config [OPTIONS] COMMAND [ARGS]...\n" if command.startswith("sudo config ") else None

    def _port(self, port: str, **values: str) -> str:
        if port not in self.tables["PORT"]:
            return f"Error: Interface name {port} is invalid. Please enter a valid interface name!!\n"
        self.tables["PORT"][port].update(values)
        return ""

    def _pfc(self, port: str, priority: str, position: str) -> str:
        entry = self.tables.setdefault("PORT_QOS_MAP", {}).setdefault(port, {})
        enabled = {*entry.get("pfc_enable", "").split(",")} - {""}
        enabled = enabled | {priority} if position == "on" else enabled - {priority}
        entry["pfc_enable"] = ",".join(sorted(enabled))
        return ""

    def _ecn(self, profile: str, options: str) -> str:
        for option, value in re.findall(r"-(\w+) (\d+)", options):
            self.tables["WRED_PROFILE"][profile][ECN_OPTIONS[option]] = value
        return ""

    def _watchdog(self, action: str, port: str, detection: str, restoration: str) -> str:
        values = {"action": action, "detection_time": detection, "restoration_time": restoration}
        self.tables.setdefault("PFC_WD", {})[port] = values
        return ""

    def _feature(self, name: str, state: str) -> str:
        self.tables.setdefault("FEATURE", {}).setdefault(name, {})["state"] = state
        return ""

    def _breakout(self, port: str, mode: str) -> str:
        self.tables.setdefault("BREAKOUT_CFG", {})[port] = {"brkout_mode": mode}
        return ""

    def _gather(self, text: str, tail: str = "", how: str = ">>") -> str:
        self._patch = (self._patch if how == ">>" else "") + text + tail
        return ""

    def _apply_patch(self) -> str:
        for operation in json.loads(self._patch):
            table, *keys = operation["path"].lstrip("/").split("/")
            place: dict[str, Any] = self.tables.setdefault(table, {})
            for key in keys[:-1]:
                place = place.setdefault(key, {})
            place[keys[-1]] = operation["value"]
        return "Patch Applier: Patch application completed.\nPatch applied successfully.\n"

    def _checkpoint(self, name: str) -> str:
        self.checkpoints[name] = copy.deepcopy(self.tables)
        return "Checkpoint created successfully.\n"

    def _rollback(self, name: str) -> str:
        if name not in self.checkpoints:
            return f"Error: Checkpoint '{name}' does not exist\n"
        self.tables = copy.deepcopy(self.checkpoints[name])
        return "Config rolled back successfully.\n"

    def _delete(self, name: str) -> str:
        return "Checkpoint deleted successfully.\n" if self.checkpoints.pop(name, None) else "Error: no checkpoint\n"


class NvueConfiguration:
    """NVUE: ``nv set`` lines wait in a pending revision until they are applied."""

    def __init__(self, lines: tuple[str, ...] = (), sabotage: Sabotage | None = None) -> None:
        self.applied = [line.removeprefix("nv set ") for line in lines]
        self.pending: list[str] | None = None
        self.sabotage = sabotage or Sabotage()

    def prompt(self, terminal: object) -> None:
        """A shell has no views."""

    def answer(self, terminal: object, command: str) -> str | None:
        """What an `nv` command prints; None for other commands."""
        if self.sabotage.cut(command):
            return HANG_UP
        if command == "nv config show -o commands":
            return "".join(f"nv set {line}\n" for line in self.applied)
        if command in ("nv config apply -y", "nv config detach"):
            return self._end(apply=command.endswith("-y"))
        return self._edit(command) if command.startswith(("nv set ", "nv unset ")) else None

    def _edit(self, command: str) -> str:
        if command == self.sabotage.forget:
            return ""
        if command == self.sabotage.refuse:
            return "Error: Invalid Command\n"
        verb, _, rest = command.removeprefix("nv ").partition(" ")
        return self._set(rest) if verb == "set" else self._unset(rest.split())

    def _end(self, *, apply: bool) -> str:
        revision, self.pending = self.pending, None
        if apply and revision is not None:
            self.applied = revision
            return "applied [rev_id: 7]\n"
        return ""

    def _revision(self) -> list[str]:
        if self.pending is None:
            self.pending = list(self.applied)
        return self.pending

    def _set(self, line: str) -> str:
        if not any(re.fullmatch(pattern, line) for pattern in NVUE_LINES):
            return "Error: Invalid Command\n"
        revision, words = self._revision(), line.split()
        revision[:] = [each for each in revision if each.split()[:-1] != words[:-1]]
        revision.append(line)
        return ""

    def _unset(self, words: list[str]) -> str:
        revision = self._revision()
        revision[:] = [line for line in revision if line.split()[: len(words)] != words]
        return ""


COMMANDS: Mapping[str, Callable[..., str]] = {
    r"sudo config interface mtu (\S+) (\d+)": lambda self, port, mtu: self._port(port, mtu=mtu),
    r"sudo config interface startup (\S+)": lambda self, port: self._port(port, admin_status="up"),
    r"sudo config interface shutdown (\S+)": lambda self, port: self._port(port, admin_status="down"),
    r"sudo config interface breakout (\S+) (\d+x\w+) -y": SonicConfiguration._breakout,
    r"sudo config interface pfc priority (\S+) ([0-7]) (on|off)": SonicConfiguration._pfc,
    r"sudo config ecn -profile (\S+) ((?: ?-[gyr](?:min|max|drop) \d+)+)": SonicConfiguration._ecn,
    r"sudo config pfcwd start --action (drop|forward) (\S+) (\d+) --restoration-time (\d+)": (
        SonicConfiguration._watchdog
    ),
    r"sudo config feature state (\S+) (enabled|disabled)": SonicConfiguration._feature,
    r"printf '(\[)' > ~/plugfest-patch.json": lambda self, text: self._gather(text, how=">"),
    r"printf '%s([],])' '(.*)' >> ~/plugfest-patch.json": lambda self, tail, text: self._gather(text, tail),
    r"sudo config apply-patch ~/plugfest-patch.json": SonicConfiguration._apply_patch,
    r"sudo config checkpoint (\S+)": SonicConfiguration._checkpoint,
    r"sudo config rollback (\S+)": SonicConfiguration._rollback,
    r"sudo config delete-checkpoint (\S+)": SonicConfiguration._delete,
}
"""What the shell takes, and what it does."""
