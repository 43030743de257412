"""Leases in the lab database, on SQLite and on a PostgreSQL server alike."""

import pytest
from sqlalchemy import update

from plugfest.history.database import LabDatabase, now
from plugfest.reservation.leases import Grant, LeaseLostError, Leases, ReservationError
from plugfest.reservation.tables import ClaimRow
from tests.reservation.claims import HOME, by_hand, killed_run, needs, run_elsewhere, run_of

LAB = "bench"
ANN, LIN = "ann@ctrl-1", "lin@ctrl-1"


def outdate(database: LabDatabase, grant: Grant) -> None:
    """Make the lease end a second ago."""
    with database.session(alone=True) as session:
        session.execute(update(ClaimRow).where(ClaimRow.id == grant.claim.id).values(until=now(session) - 1))


def held(leases: Leases) -> dict[str, str]:
    """Holder by device; shared ones in brackets."""
    found = {}
    for claim in leases.claims(LAB):
        if claim.granted is not None:
            found |= dict.fromkeys(claim.needs.exclusive, claim.holder.person)
            found |= dict.fromkeys(claim.needs.shared, f"({claim.holder.person})")
    return found


def test_a_lease_says_who_holds_what_and_why(leases: Leases) -> None:
    grant = leases.acquire(LAB, run_of(LIN), needs("h1 h2", "leaf1"), "nightly", seconds=60)
    assert held(leases) == {"h1": LIN, "h2": LIN, "leaf1": f"({LIN})"}
    [claim] = leases.claims()
    assert claim == grant.claim
    assert claim.reason == "nightly"
    assert claim.granted is not None
    assert claim.until == pytest.approx(claim.granted + 60)
    assert claim.asked <= claim.granted
    leases.release(claim)
    leases.release(claim)
    assert leases.claims() == []
    assert leases.abandoned() == []


def test_it_is_all_or_nothing(leases: Leases) -> None:
    leases.acquire(LAB, run_of(LIN), needs("h1"), "mine")
    with pytest.raises(ReservationError, match=r"^h1 is held by lin@ctrl-1 since [0-9:]{8}: mine$"):
        leases.acquire(LAB, run_of(ANN), needs("h1 h2"), "yours")
    assert held(leases) == {"h1": LIN}
    assert len(leases.claims()) == 1
    leases.acquire(LAB, run_of(ANN), needs("h2"), "yours")


def test_labs_do_not_concern_each_other(leases: Leases) -> None:
    leases.acquire(LAB, run_of(LIN), needs("h1"), "here")
    leases.acquire("elsewhere", run_of(ANN), needs("h1"), "there")
    assert len(leases.claims()) == 2


def test_many_share_a_switch_until_somebody_changes_it(leases: Leases) -> None:
    for number in range(3):
        leases.acquire(LAB, run_of(LIN), needs(f"h{number}", "leaf1"), "traffic")
    with pytest.raises(ReservationError, match="leaf1 is held by"):
        leases.acquire(LAB, run_of(ANN), needs("leaf1"), "configuration")


def test_nobody_overtakes_a_big_claim_for_ever(leases: Leases) -> None:
    first = leases.acquire(LAB, run_of(LIN), needs("h1"), "first").claim
    big = leases.ask(LAB, run_of(ANN), needs("h1 h2"), "both")
    small = leases.ask(LAB, run_of(LIN), needs("h2"), "late")
    other = leases.ask(LAB, run_of(LIN), needs("h3"), "elsewhere")
    assert leases.grant(big) == [first]
    assert [each.id for each in leases.grant(small)] == [big.id]  # type: ignore[union-attr]
    assert isinstance(leases.grant(other), Grant)
    leases.release(first)
    assert [each.id for each in leases.grant(small)] == [big.id]  # type: ignore[union-attr]
    assert isinstance(leases.grant(big), Grant)
    leases.release(big)
    assert isinstance(leases.grant(small), Grant)


def test_who_waits_is_told_why_and_gets_it_in_time(leases: Leases) -> None:
    first = leases.acquire(LAB, run_of(LIN), needs("h1"), "first").claim
    told: list[str] = []

    def tell(why: str) -> None:
        told.append(why)
        leases.release(first)

    grant = leases.acquire(LAB, run_of(ANN), needs("h1"), "second", patience=60, tell=tell)
    assert held(leases) == {"h1": ANN}
    assert grant.abandoned == ()
    [why] = told
    assert why.startswith("h1 is held by lin@ctrl-1 since ")
    assert why.endswith(": first")


def test_a_wait_that_is_broken_off_leaves_no_place_in_the_queue(leases: Leases) -> None:
    leases.acquire(LAB, run_of(LIN), needs("h1"), "first")

    def interrupt(why: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        leases.acquire(LAB, run_of(ANN), needs("h1"), "second", patience=60, tell=interrupt)
    assert [claim.reason for claim in leases.claims()] == ["first"]


def test_an_expired_lease_can_be_taken_over_and_its_holder_notices(database: LabDatabase, leases: Leases) -> None:
    lost = leases.acquire(LAB, run_elsewhere(ANN, HOME), needs("h1 h2"), "sleeps")
    with pytest.raises(ReservationError):
        leases.acquire(LAB, run_of(LIN), needs("h1"), "too early")
    outdate(database, lost)
    grant = leases.acquire(LAB, run_of(LIN), needs("h1"), "successor")
    assert [(each.device, each.person, each.reason) for each in grant.abandoned] == [("h1", ANN, "sleeps")]
    with pytest.raises(LeaseLostError, match=r"lease lost: .*; h1 is held by lin@ctrl-1 since .*: successor"):
        leases.renew(lost.claim)
    leases.settle(LAB, frozenset({"h1"}))
    assert [each.device for each in leases.abandoned(LAB)] == ["h2"]


def test_an_expired_lease_that_nobody_wanted_can_be_renewed(database: LabDatabase, leases: Leases) -> None:
    grant = leases.acquire(LAB, run_elsewhere(), needs("h1"), "slow")
    outdate(database, grant)
    assert leases.claims() == []
    leases.renew(grant.claim, seconds=30)
    [claim] = leases.claims()
    with database.session() as session:
        assert 0 < claim.until - now(session) <= 30


def test_a_killed_run_on_this_machine_is_recovered_at_once(leases: Leases) -> None:
    leases.acquire(LAB, killed_run(ANN), needs("h1", "leaf1"), "killed", seconds=3600)
    grant = leases.acquire(LAB, run_of(LIN), needs("h1 leaf1"), "successor")
    assert {each.device for each in grant.abandoned} == {"h1", "leaf1"}


def test_a_killed_run_that_changed_nothing_leaves_nothing(leases: Leases) -> None:
    leases.acquire(LAB, killed_run(ANN), needs("h1"), "traffic", changing=False)
    assert leases.acquire(LAB, run_of(LIN), needs("h1"), "successor").abandoned == ()


def test_a_killed_waiter_holds_nobody_up(leases: Leases) -> None:
    leases.ask(LAB, killed_run(ANN), needs("h1"), "waited")
    assert leases.acquire(LAB, run_of(LIN), needs("h1"), "next").abandoned == ()


def test_a_place_in_the_queue_is_kept_only_by_looking(database: LabDatabase, leases: Leases) -> None:
    waiter = leases.ask(LAB, run_elsewhere(), needs("h1"), "went away")
    outdate(database, Grant(claim=waiter))
    leases.acquire(LAB, run_of(LIN), needs("h1"), "next")
    with pytest.raises(LeaseLostError, match="ask again"):
        leases.grant(waiter)


def test_changes_written_down_elsewhere_keep_a_device_from_runs_here(leases: Leases) -> None:
    leases.acquire(LAB, killed_run(ANN, home="ctrl-2:/state"), needs("h1"), "killed there")
    with pytest.raises(ReservationError, match=r"h1 was left by ann@ctrl-1, .* \(killed there\); .*: ctrl-2:/state"):
        leases.acquire(LAB, run_of(LIN), needs("h1"), "here")
    mended = leases.acquire(LAB, by_hand(LIN), needs("h1"), "to mend it")
    assert [each.device for each in mended.abandoned] == ["h1"]
    leases.settle(LAB, mended.claim.needs.devices)
    leases.acquire(LAB, run_of(LIN), needs("h1"), "here")


def test_what_could_not_be_put_back_is_remembered(leases: Leases) -> None:
    claim = leases.acquire(LAB, run_of(LIN), needs("h1 h2"), "link down").claim
    leases.release(claim, abandoned=frozenset({"h2"}))
    grant = leases.acquire(LAB, run_of(LIN), needs("h1 h2"), "next")
    assert [each.device for each in grant.abandoned] == ["h2"]


def test_a_person_uses_by_pytest_what_they_reserved_by_hand(leases: Leases) -> None:
    leases.acquire(LAB, by_hand(LIN), needs("h1"), "debugging", seconds=7200)
    run = leases.acquire(LAB, run_of(LIN), needs("h1 h2"), "my run").claim
    with pytest.raises(ReservationError, match="h1 is held by lin@ctrl-1"):
        leases.acquire(LAB, run_of(LIN), needs("h1"), "my second run")
    leases.release(run)
    with pytest.raises(ReservationError, match=r"h1 is held by lin@ctrl-1 since .* until .*: debugging"):
        leases.acquire(LAB, run_of(ANN), needs("h1 h2"), "her run")


def test_the_later_reservation_by_hand_counts(leases: Leases) -> None:
    leases.acquire(LAB, by_hand(LIN), needs("h1 h2"), "old")
    leases.acquire(LAB, by_hand(LIN), needs("h2 h3"), "new")
    assert {claim.reason: set(claim.needs.devices) for claim in leases.claims()} == {
        "old": {"h1"},
        "new": {"h2", "h3"},
    }


def test_release_by_name(leases: Leases) -> None:
    leases.acquire(LAB, by_hand(LIN), needs("h1 h2", "leaf1"), "mine")
    leases.acquire(LAB, run_of(LIN), needs("h1"), "run")
    leases.acquire(LAB, by_hand(ANN), needs("h3"), "hers")
    [released] = leases.release_by_name(LAB, frozenset({"h1", "h3"}), LIN)
    assert (released.reason, released.needs) == ("mine", needs("h1"))
    assert held(leases) == {"h1": LIN, "h2": LIN, "h3": ANN, "leaf1": f"({LIN})"}
    assert len(leases.release_by_name(LAB, None, LIN)) == 1
    assert held(leases) == {"h1": LIN, "h3": ANN}


def test_taking_a_device_from_a_run_leaves_its_changes_to_be_undone(leases: Leases) -> None:
    run = leases.acquire(LAB, run_of(LIN), needs("h1 h2"), "run").claim
    [taken] = leases.release_by_name(LAB, None, None)
    assert taken.needs == run.needs
    assert [each.device for each in leases.abandoned(LAB)] == ["h1", "h2"]
    with pytest.raises(LeaseLostError, match="nobody holds the devices now"):
        leases.renew(run)
