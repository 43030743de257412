"""Recovery episodes: a requester goes back to an earlier PSN, why, and how it resends."""

# mypy: no-warn-return-any

from typing import Any

from plugfest.captures.kernels.compiled import compiled
from plugfest.captures.kernels.events import take_row
from plugfest.captures.kernels.opcode_table import VERB, VERB_ATOMIC, VERB_READ
from plugfest.captures.state import EPISODES, Cause, Recovery, Tables

UNKNOWN, NAK, IMPLIED_NAK, TIMEOUT = int(Cause.UNKNOWN), int(Cause.NAK), int(Cause.IMPLIED_NAK), int(Cause.TIMEOUT)
UNDECIDABLE, GO_BACK_N = int(Recovery.UNDECIDABLE), int(Recovery.GO_BACK_N)
SELECTIVE_REPEAT = int(Recovery.SELECTIVE_REPEAT)


@compiled
def resend(flow: Any, index: int, row: Any, psns: int, tables: Tables) -> None:
    """A request was sent again: part of the episode under way, or the start of one."""
    if flow.episode_open and row.sequence <= flow.episode_last:
        close_episode(flow, row.time, True, tables)
    if not flow.episode_open:
        open_episode(flow, index, row, tables)
    flow.episode_psns += psns
    flow.episode_last = row.sequence + psns - 1


@compiled
def open_episode(flow: Any, index: int, row: Any, tables: Tables) -> None:
    """The requester went back to `row.sequence`."""
    cause = cause_of(flow, row, tables)
    flow.episode_open, flow.episode_psns = 1, 0
    flow.episode_start, flow.episode_end = row.sequence, flow.next
    flow.episode_index = take_row(tables.counts, EPISODES, tables.episodes.size)
    flow.causes[cause] += 1
    if flow.nak_index >= 0 and cause == flow.nak_cause and cause != UNKNOWN:
        tables.naks[flow.nak_index].reaction = row.time - flow.nak_time
    if flow.episode_index >= 0:
        episode = tables.episodes[flow.episode_index]
        episode.time, episode.frame, episode.flow = row.time, row.frame, index
        episode.start, episode.end, episode.operation = row.sequence, flow.next, row.opcode
        episode.cause = cause
        episode.waited = row.time - max(flow.last_request_time, flow.last_ack_time)
    flow.nak_cause, flow.nak_index = UNKNOWN, -1


@compiled
def cause_of(flow: Any, row: Any, tables: Tables) -> int:
    """Why: an answer that waits for a reaction, a response that went missing, or nothing but time."""
    if flow.partner < 0:
        return UNKNOWN
    if flow.nak_cause != UNKNOWN and flow.nak_sequence <= row.sequence:
        return flow.nak_cause
    verb = VERB[row.opcode]
    if (verb in (VERB_READ, VERB_ATOMIC)) and flow.answer_high > row.sequence:
        return IMPLIED_NAK
    return TIMEOUT


@compiled
def close_episode(flow: Any, time: int, interrupted: bool, tables: Tables) -> None:
    """The requester goes on with new data or goes back once more."""
    if not flow.episode_open:
        return
    flow.episode_open = 0
    end = flow.episode_last + 1 if interrupted else flow.episode_end
    recovery = recovery_of(flow.episode_psns, end - flow.episode_start)
    flow.episodes[recovery] += 1
    if flow.episode_index >= 0:
        episode = tables.episodes[flow.episode_index]
        episode.end_time, episode.psns = time, flow.episode_psns
        episode.recovery, episode.interrupted = recovery, interrupted


@compiled
def recovery_of(resent: int, span: int) -> int:
    """Go-back-N resends everything from the lost packet on; some of that may be lost again, hence *more than half*."""
    if span <= 1 or 2 * resent == span:
        return UNDECIDABLE
    return GO_BACK_N if 2 * resent > span else SELECTIVE_REPEAT
