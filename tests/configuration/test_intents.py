"""Intent files: what they may say, and one clear error with its line for each mistake."""

from pathlib import Path

import pytest

from plugfest.configuration.aspects import Aspect
from plugfest.configuration.intent_file import intents, load_intent
from plugfest.configuration.targets import target_in
from plugfest.errors import UsageError
from plugfest.inventory.loader import load
from plugfest.inventory.problems import LabFileError

GOOD = intents()["lossless_roce"].read_text()
MISTAKES = {
    "probability above 100": ("probability_percent: 20", "probability_percent: 200", "a number of at most 100"),
    "weights beyond the whole": ("{0: 40, 3: 60}", "{0: 40, 3: 61}", "weights that sum up to 100 per cent, found 101"),
    "priority beyond 7": ("26: 3", "26: 9", "dscp.26: expected a number of at most 7, found the number 9"),
    "DSCP beyond 63": ("26: 3", "99: 3", "dscp.99: expected a number of at most 63"),
    "DSCP is no number": ("26: 3", "ef: 3", "dscp.ef: expected a whole number"),
    "lossless priority without packets": ("priorities: [3]", "priorities: [4]", "mapped to the lossless priority 4"),
    "thresholds the wrong way round": ("1536000", "1000", "minimum_bytes below maximum_bytes, found 153600 and 1000"),
    "threshold of nothing": ("minimum_bytes: 153600", "minimum_bytes: 0", "greater than 0"),
    "mapped but never served": ("strict: [6]", "strict: []", "a weight or strict service for priority 6, found none"),
    "both weight and strict": (
        "strict: [6]",
        "strict: [6, 3]",
        "or strict service, found both for priority 3",
    ),
    "repeated priority": ("priorities: [3]", "priorities: [3, 3]", "each priority once, found [3, 3]"),
    "two curves for one queue": (
        "  scheduling:",
        "    - {priority: 3, minimum_bytes: 1024, maximum_bytes: 2048, probability_percent: 1}\n  scheduling:",
        "one ecn curve a priority, found several for 3",
    ),
    "unknown key": ("strict: [6]", "strikt: [6]", "found the unknown key 'strikt' – did you mean strict?"),
    "other trust": ("trust: dscp", "trust: cos", "expected dscp, found 'cos'"),
    "watchdog too quick": ("detection_milliseconds: 200", "detection_milliseconds: 1", "a number of at least 10"),
    "watchdog without PFC": ("  pfc:\n    priorities: [3]\n", "", "expected pfc beside watchdog, found none"),
    "DCBX without LLDP": ("enabled: true", "enabled: false", "DCBX travels in LLDP"),
    "MTU of a unit": ("mtu_bytes: 9000", "mtu_bytes: 9k", "expected a whole number, found '9k'"),
    "key twice": ("port:", "title: again\nport:", "each key once, found it also on line 3"),
}


@pytest.mark.parametrize("name", intents())
def test_every_intent_of_the_project_is_sound(name: str) -> None:
    intent = load_intent(name)
    assert intent.name == name
    assert intent.aspects


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_is_told_with_file_line_and_advice(mistake: str, tmp_path: Path) -> None:
    old, new, words = MISTAKES[mistake]
    assert old in GOOD
    text, file = GOOD.replace(old, new, 1), tmp_path / "intent.yaml"
    file.write_text(text)
    with pytest.raises(LabFileError) as caught:
        load_intent(str(file))
    (problem,) = caught.value.problems
    assert words in f"{problem.where}: {problem.text}"
    assert " – " in problem.text
    assert str(caught.value).startswith(f"{file}:{problem.line}: ")


def test_the_line_is_that_of_the_mistake(tmp_path: Path) -> None:
    file = tmp_path / "intent.yaml"
    file.write_text(GOOD.replace("probability_percent: 20", "probability_percent: 200"))
    expected = GOOD.splitlines().index("      probability_percent: 20") + 1
    with pytest.raises(LabFileError) as caught:
        load_intent(str(file))
    assert caught.value.problems[0].line == expected


def test_an_intent_that_says_nothing_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "intent.yaml"
    file.write_text("name: nothing\ntitle: nothing\n")
    with pytest.raises(LabFileError, match="expected something to configure, found nothing"):
        load_intent(str(file))


def test_unknown_intents_are_answered_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="one of ecn_marking, jumbo_frames, lossless_roce"):
        load_intent("losless")


def test_ports_are_those_that_the_lab_cables() -> None:
    lab = load("embedded").lab
    intent = load_intent("jumbo_frames")
    target = target_in(lab, "leaf1", intent)
    cabled = {end.port for link in lab.links_of("leaf1") for end in (link.a, link.b) if end.device == "leaf1"}
    assert set(target.ports) == cabled
    named = intent.model_copy(update={"ports": ("swp2",)})
    assert target_in(lab, "leaf1", named).ports == ("swp2",)
    with pytest.raises(UsageError, match="leaf1 has no port 'swp99', which intent jumbo_frames names; it has swp1"):
        target_in(lab, "leaf1", intent.model_copy(update={"ports": ("swp99",)}))
    with pytest.raises(UsageError, match="no switch 'h1': choose one of leaf1"):
        target_in(lab, "h1", intent)


def test_aspects_come_in_the_order_in_which_they_can_be_applied() -> None:
    """On Linux the scheduler is the root that filters and marking queues hang from."""
    aspects = load_intent("lossless_roce").aspects
    assert aspects.index(Aspect.SCHEDULING) < aspects.index(Aspect.CLASSIFICATION) < aspects.index(Aspect.ECN)
