"""The `plugfest` command: one sub-command per module of this folder."""

import sys

import typer

from plugfest.errors import PlugfestError


def _application() -> typer.Typer:
    from plugfest.cli import (
        bench,
        capture,
        config,
        defect,
        device,
        evidence,
        facts,
        history,
        inventory,
        lab,
        matrix,
        merge,
        nightly,
        plan,
        replay,
        report,
        reserve,
        restore,
        retention,
        selftest,
        simulate,
    )

    app = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
        help="Interoperability test harness for RoCEv2 network labs. "
        "Start with `plugfest lab up`, then run the suites with `pytest`.",
    )
    lab.app.add_typer(defect.app, name="defect")
    lab.app.command()(simulate.simulate)
    lab.app.command()(restore.restore)
    for module in (inventory, lab, device, config, facts, capture, evidence, report, retention):
        app.add_typer(module.app, name=module.__name__.rsplit(".", 1)[-1])
    app.command()(plan.plan)
    app.command()(reserve.reserve)
    app.command()(reserve.release)
    app.command()(reserve.who)
    app.command()(nightly.nightly)
    app.command()(merge.merge)
    commands = (matrix.matrix, history.history, history.compare, history.gate, replay.replay, selftest.selftest)
    for command in (*commands, bench.bench):
        app.command()(command)
    return app


def main() -> None:
    """Run the command line; our own errors end as one message and their exit code."""
    try:
        _application()()
    except PlugfestError as error:
        sys.stderr.write(f"error: {error}\n")
        raise SystemExit(error.exit_code) from None
