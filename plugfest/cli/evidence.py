"""`plugfest evidence`: look into the evidence of a run, prove that it is untouched, hand out a part of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plugfest.cli.replay import RUN_HELP

if TYPE_CHECKING:
    from plugfest.evidence.folder import StoredBundle

app = typer.Typer(no_args_is_help=True, help="Show, verify, seal and export the evidence of a run.")
Run = Annotated[str, typer.Argument(help=RUN_HELP)]


@app.command()
def show(
    run: Run,
    test: Annotated[str | None, typer.Argument(help="Part of a test's id; without it all tests are listed.")] = None,
    transcript: Annotated[bool, typer.Option("--transcript", help="Print what was said to the devices.")] = False,
) -> None:
    """List the bundles of a run, or show those of a test: verdicts, rows, files."""
    from plugfest.evidence.folder import evidence_of

    evidence = evidence_of(run)
    if test is None:
        for bundle in evidence.bundles():
            typer.echo(f"{bundle.record.outcome:<13} {bundle.record.test}")
        return
    for bundle in evidence.bundles_of(test):
        _show(bundle)
        if transcript:
            typer.echo(bundle.transcript().text())


@app.command()
def verify(
    run: Run,
    signers: Annotated[
        Path | None, typer.Option(help="Demand a signature by one of these (ssh allowed signers).")
    ] = None,
) -> None:
    """Prove that nothing was changed, removed or added since the run was sealed; exit status 1 otherwise."""
    from plugfest.evidence.folder import evidence_of
    from plugfest.evidence.manifest import damages
    from plugfest.evidence.signature import signer_of
    from plugfest.evidence.thinned import thinned

    evidence = evidence_of(run)
    found = list(damages(evidence))
    for damage in found:
        typer.echo(damage)
    if found:
        typer.echo(f"{evidence.path}: NOT as it was sealed ({len(found)} differences)")
        raise typer.Exit(1)
    note = thinned(evidence.path)
    if note:
        typer.echo(f"thinned on {note.thinned:%Y-%m-%d}: {len(note.removed)} files of harmless results ({note.why})")
    signed = f", signed by {signer_of(evidence, signers)}" if signers else ""
    rest = "what is left is untouched" if note else "untouched"
    typer.echo(f"{evidence.path}: {rest} since it was sealed{signed}")


@app.command()
def seal(
    run: Run,
    key: Annotated[Path | None, typer.Option(help="Also sign with this SSH private key.")] = None,
) -> None:
    """Seal evidence that a killed run left unsealed, or sign sealed evidence with an SSH key."""
    from plugfest.errors import UsageError
    from plugfest.evidence.folder import evidence_of
    from plugfest.evidence.manifest import MANIFEST, damages
    from plugfest.evidence.manifest import seal as write_seal
    from plugfest.evidence.signature import sign

    evidence = evidence_of(run)
    if not (evidence.path / MANIFEST).exists():
        write_seal(evidence)
    elif found := next(damages(evidence), None):
        raise UsageError(f"{evidence.path}: {found} – changed evidence is never sealed again")
    typer.echo(evidence.path / MANIFEST)
    if key:
        typer.echo(sign(evidence, key))


@app.command()
def export(
    run: Run,
    vendor: Annotated[str, typer.Option(help="Vendor as the lab file writes it; only its cells are exported.")],
    out: Annotated[Path, typer.Option(help="New folder for the export.")],
    hide: Annotated[list[str] | None, typer.Option(help="Further text to mask; may be repeated.")] = None,
) -> None:
    """Write what concerns one vendor, with other parties' names replaced and secrets masked."""
    from plugfest.evidence.export import EXPORT
    from plugfest.evidence.export import export as write_export
    from plugfest.evidence.folder import evidence_of, read_document
    from plugfest.evidence.records import Export

    exported = write_export(evidence_of(run), vendor, out, hide or ())
    for withheld in read_document(exported.path / EXPORT, Export).withheld:
        typer.echo(f"withheld: {withheld.bundle}/{withheld.name}: {withheld.why}")
    typer.echo(f"{len(list(exported.bundles()))} tests in {exported.path}")


@app.command()
def schema() -> None:
    """Print the JSON schema of the documents of an evidence folder."""
    from plugfest.evidence.schema import schema_text

    typer.echo(schema_text(), nl=False)


def _show(bundle: "StoredBundle") -> None:
    record = bundle.record
    typer.echo(f"{record.test}\n  {record.title}\n  {record.cell.id}\n  {record.outcome.upper()} {record.case}")
    for judgement in bundle.judgements():
        typer.echo(f"  {judgement.verdict.claim}: {judgement.verdict.outcome}  ({judgement.check})")
        for reason in judgement.verdict.reasons:
            typer.echo(f"    {reason.outcome:<13} {reason}")
    for file in record.files:
        path = (bundle.folder / file.path).resolve()
        gone = "" if path.exists() else "  REMOVED"
        typer.echo(f"  {path}  {file.size} bytes  {file.sha256[:12]}{gone}")
