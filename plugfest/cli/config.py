"""`plugfest config`: intents, what they become on a switch, and how far a switch is from them."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from plugfest.configuration.rendering import Target
    from plugfest.inventory.loader import LoadedLab
    from plugfest.sessions.endpoint import Endpoint

app = typer.Typer(
    no_args_is_help=True,
    help="What switches should be set to, said once for all vendors: `intents` lists what there is, `render` shows the "
    "commands of one switch, `diff` reads a switch and compares.  Nothing here changes a device.",
)
Intent = Annotated[str, typer.Argument(metavar="INTENT", help="Name of an intent, or path of its YAML file.")]
Device = Annotated[str, typer.Option("--device", metavar="NAME", help="Switch of the lab file.")]
Lab = Annotated[str | None, typer.Option("--lab", help="Lab name or file; default: $PLUGFEST_LAB or embedded.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.command()
def intents(as_json: Json = False) -> None:
    """List the intents that come with the project, what each is about and which dialects have templates for it."""
    from plugfest.configuration.aspects import TITLES
    from plugfest.configuration.intent_file import intents as known
    from plugfest.configuration.intent_file import load_intent
    from plugfest.configuration.support import able

    loaded = [load_intent(name) for name in known()]
    if as_json:
        documents = [{**each.model_dump(mode="json", exclude_none=True), "dialects": able(each)} for each in loaded]
        typer.echo(json.dumps(documents, indent=1))
        return
    for each in loaded:
        typer.echo(f"{each.name:<18} {each.title}")
        typer.echo(f"    {', '.join(TITLES[aspect] for aspect in each.aspects)}")
        typer.echo(f"    dialects: {', '.join(able(each))}")


@app.command()
def render(
    intent: Intent,
    device: Device,
    lab: Lab = None,
    dialect: Annotated[str | None, typer.Option(help="As if the switch spoke this dialect.")] = None,
) -> None:
    """Show every command that would bring an intent about on a switch; connects to nothing."""
    from plugfest.configuration.intent_file import load_intent
    from plugfest.configuration.rendering import render as rendered
    from plugfest.configuration.showing import shown_rendering

    wanted = load_intent(intent)
    _, target = _target(lab, device, intent)
    if dialect is not None:
        target = target.model_copy(update={"dialect": dialect})
    typer.echo(shown_rendering(rendered(wanted, target)), nl=False)


@app.command()
def diff(intent: Intent, device: Device, lab: Lab = None) -> None:
    """Read a switch and compare it with an intent.

    Marks: `!` the switch shows something else, `?` it cannot be read back.  Exit status 1 if anything differs.
    """
    from plugfest.configuration.applying import judge
    from plugfest.configuration.comparison import contradicted, difference
    from plugfest.configuration.intent_file import load_intent
    from plugfest.configuration.rendering import render as rendered
    from plugfest.devices.lines import line_to
    from plugfest.sessions.pool import SessionPool

    loaded, target = _target(lab, device, intent)
    rendering = rendered(load_intent(intent), target)
    with SessionPool(_endpoints(loaded)) as pool:
        judged = judge(rendering, line_to(loaded.lab, pool, device))
    typer.echo(difference(judged), nl=False)
    if contradicted(judged):
        raise typer.Exit(1)


def _target(lab: str | None, device: str, intent: str) -> "tuple[LoadedLab, Target]":
    from plugfest.configuration.intent_file import load_intent
    from plugfest.configuration.targets import target_in
    from plugfest.inventory.loader import load

    loaded = load(lab)
    return loaded, target_in(loaded.lab, device, load_intent(intent))


def _endpoints(loaded: "LoadedLab") -> "dict[str, Endpoint]":
    from plugfest.inventory.models import LabKind
    from plugfest.sessions.endpoint import endpoints_of

    if loaded.lab.kind is LabKind.EMBEDDED:
        from plugfest.embedded.lifecycle import require_running

        return dict(require_running().endpoints)
    return dict(endpoints_of(loaded.lab, loaded.file))
