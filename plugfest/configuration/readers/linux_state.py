"""A Linux router: state of ports from `ip`, queues from `tc`, PFC from `dcb`, LLDP from `lldpcli`."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from plugfest.configuration.aspects import Aspect
from plugfest.configuration.intent import LosslessProfile, PortProfile
from plugfest.configuration.readers.finding import Answers, Finding
from plugfest.configuration.rendering import Part, Rendering
from plugfest.devices.changes import Command

QUESTIONS: Mapping[Aspect, Callable[[str], Command]] = {
    Aspect.MTU: lambda port: ("ip", "-j", "link", "show", "dev", port),
    Aspect.ADMIN: lambda port: ("ip", "-j", "link", "show", "dev", port),
    Aspect.SCHEDULING: lambda port: ("tc", "-j", "-d", "qdisc", "show", "dev", port),
    Aspect.ECN: lambda port: ("tc", "-j", "-d", "qdisc", "show", "dev", port),
    Aspect.CLASSIFICATION: lambda port: ("tc", "filter", "show", "dev", port, "parent", "1:"),
    Aspect.PFC: lambda port: ("dcb", "pfc", "show", "dev", port, "prio-pfc"),
    Aspect.LLDP: lambda port: ("lldpcli", "-f", "json0", "show", "interfaces", "ports", port),
}
FILTER = re.compile(r"pref (\d+) u32.*flowid (\S+).*\n\s*match 00([0-9a-f]{2})0000/00fc0000 at 0")


class LinuxReader:
    """Asks about each port and aspect."""

    def questions(self, rendering: Rendering) -> tuple[Command, ...]:
        """One command a port and aspect, each once."""
        ports, aspects = rendering.target.ports, [part.aspect for part in rendering.parts]
        return tuple(dict.fromkeys(QUESTIONS[each](port) for each in aspects if each in QUESTIONS for port in ports))

    def findings(self, rendering: Rendering, answers: Answers) -> Iterable[Finding]:
        """One finding a port and value."""
        for part in rendering.parts:
            for port in rendering.target.ports:
                yield from _findings(rendering, part, port, answers)


def _findings(rendering: Rendering, part: Part, port: str, answers: Answers) -> Iterator[Finding]:
    if part.aspect not in QUESTIONS:
        yield Finding(aspect=part.aspect, place=port, expected="as rendered", got=None, why="no command shows it")
        return
    question = QUESTIONS[part.aspect](port)
    text = answers.get(question)
    for expected, got in READERS[part.aspect](rendering, port, text or ""):
        why = "" if got is not None else f"`{' '.join(question)}` does not show it"
        yield Finding(aspect=part.aspect, place=port, expected=expected, got=got, why=why)


def _json(text: str) -> list[dict[str, Any]]:
    try:
        answer = json.loads(text)
    except ValueError:
        return []
    return [entry for entry in answer if isinstance(entry, dict)] if isinstance(answer, list) else []


def _mtu(rendering: Rendering, port: str, text: str) -> Iterator[tuple[str, str | None]]:
    links = _json(text)
    yield f"{_port(rendering).mtu_bytes} bytes", f"{links[0]['mtu']} bytes" if links else None


def _admin(rendering: Rendering, port: str, text: str) -> Iterator[tuple[str, str | None]]:
    links = _json(text)
    yield str(_port(rendering).admin), ("up" if "UP" in links[0]["flags"] else "down") if links else None


def _scheduling(rendering: Rendering, port: str, text: str) -> Iterator[tuple[str, str | None]]:
    scheduling = _lossless(rendering).scheduling
    assert scheduling is not None
    quanta = [weight * 100 for _, weight in sorted(scheduling.weights_percent.items(), reverse=True)]
    expected = f"strict {len(scheduling.strict)}, quanta {quanta}"
    root = next((each for each in _json(text) if each.get("kind") == "ets" and each.get("root")), None)
    options = root.get("options", {}) if root else {}
    yield expected, f"strict {options.get('strict', 0)}, quanta {options.get('quanta', [])}" if root else None


def _classification(rendering: Rendering, port: str, text: str) -> Iterator[tuple[str, str | None]]:
    classes = {int(found[3], 16) // 4: found[2] for found in FILTER.finditer(text)}
    part = next(part for part in rendering.parts if part.aspect is Aspect.CLASSIFICATION)
    for line in part.lines:
        wanted = re.search(rf"filter add dev {re.escape(port)} .*dsfield (0x\w+) 0xfc flowid (\S+)", line.text)
        if wanted:
            dscp = int(wanted[1], 16) // 4
            yield f"DSCP {dscp} class {wanted[2]}", f"DSCP {dscp} class {classes[dscp]}" if dscp in classes else None


def _ecn(rendering: Rendering, port: str, text: str) -> Iterator[tuple[str, str | None]]:
    reds = [each.get("options", {}) for each in _json(text) if each.get("kind") == "red"]
    seen = [_curve(options) for options in reds if "probability" in options]
    for curve in _lossless(rendering).ecn:
        expected = f"{curve.minimum_bytes}-{curve.maximum_bytes} bytes {curve.probability_percent} % marking"
        yield expected, expected if expected in seen else ("; ".join(seen) or None)


def _curve(options: Mapping[str, Any]) -> str:
    """`tc` counts the probability as a fraction of 2**32 and prints it with few digits, and only in detail."""
    percent = round(float(options["probability"]) * 100)
    word = "marking" if options.get("ecn") else "dropping"
    return f"{options.get('min')}-{options.get('max')} bytes {percent} % {word}"


def _pfc(rendering: Rendering, port: str, text: str) -> Iterator[tuple[str, str | None]]:
    pfc = _lossless(rendering).pfc
    assert pfc is not None
    pairs = dict(re.findall(r"\b([0-7]):(on|off)\b", text))
    seen = sorted(int(priority) for priority, position in pairs.items() if position == "on")
    yield f"priorities {sorted(pfc.priorities)}", f"priorities {seen}" if pairs else None


def _lldp(rendering: Rendering, port: str, text: str) -> Iterator[tuple[str, str | None]]:
    lldp = _port(rendering).lldp
    assert lldp is not None
    found = re.search(r'"status":\s*\[\s*\{\s*"value":\s*"([^"]+)"', text)
    status = {"RX and TX": "on", "disabled": "off"}.get(found[1], found[1]) if found else None
    yield "on" if lldp.enabled else "off", status


def _port(rendering: Rendering) -> PortProfile:
    return rendering.intent.port or PortProfile()


def _lossless(rendering: Rendering) -> LosslessProfile:
    return rendering.intent.lossless or LosslessProfile()


READERS: Mapping[Aspect, Callable[[Rendering, str, str], Iterator[tuple[str, str | None]]]] = {
    Aspect.MTU: _mtu,
    Aspect.ADMIN: _admin,
    Aspect.SCHEDULING: _scheduling,
    Aspect.CLASSIFICATION: _classification,
    Aspect.ECN: _ecn,
    Aspect.PFC: _pfc,
    Aspect.LLDP: _lldp,
}
READER = LinuxReader()
