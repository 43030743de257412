from plugfest.inventory.models import PortReference
from plugfest.stimuli.injection.events import Drop, Event
from plugfest.stimuli.injection.psns import at
from plugfest.stimuli.injection.report import EventCount, InjectionReport
from plugfest.verdicts.injection import as_planned
from plugfest.verdicts.verdict import Outcome


def report(event: Event, happened: int) -> InjectionReport:
    count = EventCount(event=event, planned=event.planned, happened=happened, passed=9)
    return InjectionReport(point=PortReference(device="leaf2", port="swp2"), events=(count,))


FIVE = Event(action=Drop(), psns=at(1, 2, 3, 4, 5))
ALWAYS = Event(action=Drop(), psns=at(7), nth=None)


def test_exactly_the_planned_events_allow_a_judgement() -> None:
    assert as_planned([report(FIVE, 5), report(ALWAYS, 4)]).outcome is Outcome.PASSED


def test_too_few_and_too_many_are_nobodys_defect() -> None:
    few = as_planned([report(FIVE, 4)])
    assert few.outcome is Outcome.INCONCLUSIVE
    assert "leaf2:swp2 drop transmission 1 of packets" in few.explain()
    assert "expected 5, got 4 (of 9 that passed)" in few.explain()
    assert as_planned([report(FIVE, 6)]).outcome is Outcome.INCONCLUSIVE


def test_an_event_that_never_happened_proves_nothing() -> None:
    assert as_planned([report(ALWAYS, 0)]).outcome is Outcome.INCONCLUSIVE


def test_no_report_is_no_proof() -> None:
    assert as_planned([]).outcome is Outcome.INCONCLUSIVE
