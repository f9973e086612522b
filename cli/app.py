"""The commands of `hidden-hill`, together."""

from __future__ import annotations

import typer

from cli import doctor, make, sheet

app = typer.Typer(
    name="hidden-hill",
    help="A paper in, a short narrated video out, every spoken claim backed by a passage of the paper.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(make.make)
app.command()(sheet.sheet)
app.command()(doctor.doctor)
