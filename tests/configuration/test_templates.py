"""Every template on every intent: golden files, the grammar of each operating system, and what there is none for."""

import re
from pathlib import Path

import pytest

from plugfest.configuration.aspects import Aspect
from plugfest.configuration.dialects import STYLES
from plugfest.configuration.intent_file import intents, load_intent
from plugfest.configuration.lines import ConfigurationLine, entered, read_lines
from plugfest.configuration.rendering import TEMPLATES, Target, render, templates_of
from plugfest.configuration.support import able
from plugfest.devices.dialects.reading import Evidence
from plugfest.devices.dialects.registry import NAMES
from plugfest.devices.protocols import Unsupported
from plugfest.devices.simulated.configuration.grammar import GRAMMARS, NVUE_LINES
from plugfest.devices.simulated.configuration.shells import COMMANDS
from plugfest.devices.simulated.configuration.tree import Tree
from plugfest.inventory.dialects import KNOWN_DIALECTS
from tests.configuration.switches import CHIP, FULL, PORTS, rendered

GOLDEN = Path(__file__).with_name("golden")
ABLE = [(dialect, name) for name in intents() for dialect in able(load_intent(name))]
LACKING = [(dialect, name) for name in intents() for dialect in STYLES if dialect not in able(load_intent(name))]


@pytest.mark.parametrize(("dialect", "name"), ABLE)
def test_the_text_is_that_of_the_golden_file(dialect: str, name: str) -> None:
    """After an intended change: ``python -m tests.configuration.golden`` and look at the difference."""
    assert rendered(dialect, name).text == (GOLDEN / dialect / f"{name}.txt").read_text()


def test_there_is_no_golden_file_too_many() -> None:
    assert {(file.parent.name, file.stem) for file in GOLDEN.glob("*/*.txt")} == set(ABLE)


@pytest.mark.parametrize(("dialect", "name"), ABLE)
def test_the_operating_system_knows_every_line(dialect: str, name: str) -> None:
    lines = rendered(dialect, name).lines
    assert lines
    if dialect in GRAMMARS:
        tree = Tree(GRAMMARS[dialect])
        assert [line.path for line in lines if not tree.enter(line.views, line.text)] == []
    elif dialect in ("sonic", "asternos"):
        assert [line.text for line in lines if not any(re.fullmatch(each, line.text) for each in COMMANDS)] == []
    elif dialect == "cumulus_nvue":
        known = [line.text.removeprefix("nv set ") for line in lines]
        assert [line for line in known if not any(re.fullmatch(each, line) for each in NVUE_LINES)] == []
    else:
        assert {line.text.split()[0] for line in lines} <= {"ip", "tc", "dcb", "lldpcli", "devlink"}


@pytest.mark.parametrize("dialect", [name for name, style in STYLES.items() if style.take_back is None])
def test_opposite_lines_are_known_too(dialect: str) -> None:
    if dialect not in GRAMMARS:
        pytest.skip("taken back from the state before, not by templates")
    for name in (name for able_to, name in ABLE if able_to == dialect):
        target = Target(device="leaf1", dialect=dialect, ports=PORTS[dialect], chip=CHIP)
        tree = Tree(GRAMMARS[dialect])
        for line in render(load_intent(name), target).lines:
            assert tree.enter(line.views, line.text)
        unknown = [
            line.path
            for line in render(load_intent(name), target, opposite=True).lines
            if not tree.enter(line.views, line.text)
        ]
        assert unknown == []


@pytest.mark.parametrize(("dialect", "name"), LACKING)
def test_what_there_is_no_template_for_is_unsupported_and_never_nothing(dialect: str, name: str) -> None:
    with pytest.raises(Unsupported) as caught:
        rendered(dialect, name)
    assert f"leaf1: {dialect} has no template for " in str(caught.value)
    assert f"which intent {name} needs" in str(caught.value)


def test_every_dialect_of_a_lab_file_can_be_configured_or_says_why_not() -> None:
    assert set(STYLES) == set(KNOWN_DIALECTS)
    assert set(NAMES) <= set(STYLES)


@pytest.mark.parametrize("dialect", FULL)
def test_full_dialects_know_all_that_the_suites_need(dialect: str) -> None:
    needed = set(Aspect) - {Aspect.BREAKOUT}
    assert needed <= set(templates_of(dialect))


@pytest.mark.parametrize("dialect", STYLES)
def test_every_template_says_how_far_it_is_proven(dialect: str) -> None:
    known = templates_of(dialect)
    assert known
    assert all(source for _, source in known.values())
    if STYLES[dialect].templates != dialect:
        assert {evidence for evidence, _ in known.values()} == {Evidence.NONE}


def test_no_template_lies_about_unused() -> None:
    known = {f"{aspect}{suffix}" for aspect in Aspect for suffix in (".j2", ".undo.j2")}
    files = {file.name for file in TEMPLATES.glob("*/*.j2") if not file.name.endswith(".macro.j2")}
    assert files <= known


def test_values_cannot_smuggle_commands_into_a_shell() -> None:
    """Ports and names come from files: their patterns leave no room for shell characters."""
    from plugfest.inventory.fields import NAME_PATTERN, PORT_PATTERN

    for character in ";|&$`<>\n'\" ":
        assert not re.fullmatch(PORT_PATTERN, f"swp1{character}reboot")
        assert not re.fullmatch(NAME_PATTERN, f"a{character}b")


def test_views_are_entered_and_left_in_order() -> None:
    text = "vlan 2\ninterface A\n mtu 9\n queue 3\n  weight 5\n queue 4\n  weight 6 !default\ninterface B\n shutdown\n"
    lines = read_lines(text)
    assert lines[3] == ConfigurationLine(("interface A", "queue 3"))
    assert lines[6] == ConfigurationLine(("interface A", "queue 4", "weight 6"), shown=False)
    assert entered(lines, "quit") == (
        "vlan 2",
        "interface A",
        "mtu 9",
        "queue 3",
        "weight 5",
        "quit",
        "queue 4",
        "weight 6",
        "quit",
        "quit",
        "interface B",
        "shutdown",
        "quit",
    )
