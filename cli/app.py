"""The commands of `hidden-hill`, together. Each is imported when it is called: most need little of the whole."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup

from cli.as_json import note_json

_ONE = "One video, here and now"
_JOBS = "Jobs"
_SERVICE = "Running the service"

#: name → (panel of the help, where its function is)
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "make": (_ONE, "cli.make:make"),
    "sheet": (_ONE, "cli.sheet:sheet"),
    "submit": (_JOBS, "cli.submit:submit"),
    "cost": (_JOBS, "cli.cost:cost"),
    "status": (_JOBS, "cli.jobs:status"),
    "list": (_JOBS, "cli.jobs:list_jobs"),
    "script": (_JOBS, "cli.jobs:script"),
    "approve": (_JOBS, "cli.changes:approve"),
    "retry": (_JOBS, "cli.changes:retry"),
    "redo": (_JOBS, "cli.changes:redo"),
    "cancel": (_JOBS, "cli.changes:cancel"),
    "delete": (_JOBS, "cli.changes:delete"),
    "keep": (_JOBS, "cli.changes:keep"),
    "quota": (_JOBS, "cli.quota:quota"),
    "up": (_SERVICE, "cli.up:up"),
    "worker": (_SERVICE, "cli.serve:worker"),
    "sweeper": (_SERVICE, "cli.serve:sweeper"),
    "web": (_SERVICE, "cli.serve:web"),
    "slack": (_SERVICE, "cli.slack:slack"),
    "discord": (_SERVICE, "cli.discord:discord"),
    "migrate": (_SERVICE, "cli.data:migrate"),
    "reconcile": (_SERVICE, "cli.data:reconcile"),
    "import-media": (_SERVICE, "cli.data:import_media"),
    "doctor": (_SERVICE, "cli.doctor:doctor"),
}


class Commands(TyperGroup):
    """Finds a command by its name and only then imports it."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - typer's signature
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - typer's signature
        if cmd_name not in COMMANDS:
            return None
        note_json(False)  # until the command's own options say otherwise
        panel, place = COMMANDS[cmd_name]
        module, _, function = place.partition(":")
        single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        single.command(cmd_name, rich_help_panel=panel)(getattr(import_module(module), function))
        return typer.main.get_command(single)


app = typer.Typer(
    cls=Commands,
    name="hidden-hill",
    help="A paper in, a short narrated video out, every spoken claim backed by a passage of the paper.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def _hidden_hill() -> None:
    """A paper in, a short narrated video out, every spoken claim backed by a passage of the paper."""
