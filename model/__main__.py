"""The command line: `inkling COMMAND …`, or `python -m model COMMAND …`.

What can be asked for is here, what the commands do is in `commands`, imported by who asks for one:
so `--help` and completion come at once. What the user gave that can't be used is one line on
standard error, and exit status 2.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem, get_completion_class

from model.errors import InklingError

_COMPLETION = "_INKLING_COMPLETE"
_FORMATS = ("keras", "tflite", "onnx")
_SPECS = (
    "mnist, synthetic[:COUNT], drawings, a file or a folder, redrawn:FILE for one of pen strokes; "
    "or several joined by +, nondigits[:COUNT] among them"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit status."""
    try:
        status = cli.main(arguments, prog_name="inkling", standalone_mode=False)
    except InklingError as error:
        return _refuse(str(error))
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return 2
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "inkling"
        return _refuse(f"{error.format_message().rstrip('.')}; see {command} --help")
    except click.ClickException as error:
        return _refuse(error.format_message())
    except click.Abort:  # Ctrl-C
        return 130
    return status if isinstance(status, int) else 0


def run() -> NoReturn:
    """`inkling`, as pip installs it."""
    sys.exit(main())


def _refuse(sentence: str) -> int:
    print(f"inkling: {sentence}", file=sys.stderr)
    return 2


# ---------------------------------------------------------------- what completes a word


def _names(of: Callable[[], list[str]]) -> Any:
    """Completes a word by some names, looked up when they are asked for."""

    def complete(
        context: click.Context, parameter: click.Parameter, begun: str
    ) -> list[CompletionItem]:
        return [CompletionItem(name) for name in of() if name.startswith(begun)]

    return complete


def _recipes() -> list[str]:
    from model.training import recipes

    return [*recipes.RECIPES, recipes.FINE_TUNING.name]


def _bases() -> list[str]:
    from model.training import search

    return search.BASES


def _augmentations() -> list[str]:
    return ["none", *_recipes()]


def _networks() -> list[str]:
    from model.training import networks

    return list(networks.NETWORKS)


def _optimizers() -> list[str]:
    from model.training import recipes

    return list(recipes.OPTIMIZERS)


def _runs() -> list[str]:
    from model.runs import registry

    return [run.id for run in registry.all_runs()]


def _models() -> list[str]:
    return ["shipped", *_runs()]


def _room_codes() -> list[str]:
    from model import commands

    return commands.room_codes()


# ---------------------------------------------------------------- what can be asked for


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order they have here

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # `| head` has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0


def _print_version(context: click.Context, parameter: click.Parameter, asked: bool) -> None:
    if asked:
        click.echo(f"inkling {_version()}")
        context.exit()


def _version() -> str:
    """Of the clone that this is run from, else of what is installed."""
    pyproject = Path(__file__).parent.parent / "pyproject.toml"
    if pyproject.is_file():
        return str(tomllib.loads(pyproject.read_text())["project"]["version"])
    return version("inkling")


_files = click.argument(
    "files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path)
)
_model = click.option(
    "--model",
    metavar="MODEL",
    shell_complete=_names(_runs),
    help="A run's id or folder, or a .keras file; else the built-in network.",
)
_id = click.argument("name", metavar="ID", shell_complete=_names(_models))


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=False,
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
def cli() -> None:
    """Read digits, and train networks to read them."""


@cli.command()
@_files
@_model
def predict(files: Sequence[Path], model: str | None) -> int:
    """Read pictures or pen strokes, a JSON line each.

    FILE is a picture, a folder of pictures, or an .npz of pen strokes.
    """
    from model import commands

    return commands.predict(files, model)


@cli.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@_model
@click.option(
    "-o",
    "--out",
    default="submission.csv",
    show_default=True,
    metavar="FILE",
    help="Where to write what was read; of Parquet and of files in a bucket, a folder.",
)
def submit(files: Sequence[str], model: str | None, out: str) -> int:
    """Read Kaggle's test.csv, write a submission.csv; or any number of digits into a folder.

    FILE is a CSV, an .npz, an IDX file, a zip or a picture. Or Parquet, a folder of such files or
    a pattern, as s3://BUCKET/*.parquet: then OUT is a folder, here or in a bucket, each block of
    10,000 digits has a file in it, and the same command goes on where it was broken off.
    """
    from model import commands

    return commands.submit(files, model, out)


@cli.command()
@click.option(
    "--recipe",
    default="quick",
    show_default=True,
    metavar="NAME",
    shell_complete=_names(_recipes),
    help="quick, good, best, refine, keras-tutorial or kaggle-tutorial; or teach: the network in "
    "use, by the saved drawings. It decides whatever no other option does.",
)
@click.option("--data", metavar="SPEC", help=f"What to learn from: {_SPECS}.")
@click.option(
    "--network",
    metavar="NAME",
    shell_complete=_names(_networks),
    help="small, slim, medium, compact, large, keras-tutorial or kaggle-tutorial; or your own, as "
    "filters=32/64,kernel=3,dense=128,dropout=0.25,norm=on,activation=relu.",
)
@click.option(
    "--optimizer",
    metavar="NAME",
    shell_complete=_names(_optimizers),
    help="Adam, AdamW, SGD, RMSprop or Adadelta.",
)
@click.option("--epochs", type=int, metavar="N", help="How often it goes through all the digits.")
@click.option("--batch-size", type=int, metavar="N", help="Digits between two corrections.")
@click.option("--learning-rate", type=float, metavar="R", help="The highest of the schedule.")
@click.option(
    "--augmentation",
    metavar="SPEC",
    shell_complete=_names(_augmentations),
    help="How digits are distorted on the way: none, a recipe's name for its own, or amounts of "
    "rotation, zoom, stretch, shift, shear and elastic, as rotation=10,zoom=0.1.",
)
@click.option("--seed", type=int, default=0, show_default=True, metavar="N")
@click.option(
    "--from",
    "base",
    metavar="MODEL",
    shell_complete=_names(_runs),
    help="A model to begin with, in place of chance.",
)
@click.option(
    "--teacher",
    "teachers",
    multiple=True,
    metavar="MODEL",
    shell_complete=_names(_runs),
    help="A model whose answers it learns besides; can be given several times.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A new folder for a run that is not to be listed.",
)
@click.option(
    "--resume",
    metavar="ID",
    shell_complete=_names(_runs),
    help="Go on with a stopped run instead; takes no other option.",
)
@click.pass_context
def train(context: click.Context, /, resume: str | None, **options: Any) -> int:
    """Train a network by a recipe."""
    if resume is not None:
        given = [name for name in options if _is_given(context, name)]
        if given:
            raise click.UsageError("--resume goes on as the run began; it takes no other option")
    from model import commands

    return commands.resume(resume) if resume is not None else commands.train(**options)


@cli.command()
@click.option(
    "--recipe",
    default="quick",
    show_default=True,
    metavar="NAME",
    shell_complete=_names(_bases),
    help="Around which one: quick, good, best, keras-tutorial or kaggle-tutorial.",
)
@click.option("--data", metavar="SPEC", help=f"What to learn from: {_SPECS}.")
@click.option(
    "--trials", type=int, default=12, show_default=True, metavar="N", help="How many to try."
)
@click.option(
    "--epochs",
    type=int,
    default=4,
    show_default=True,
    metavar="N",
    help="How often each goes through all the digits, if it is not stopped early.",
)
@click.option("--seed", type=int, default=0, show_default=True, metavar="N")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A new folder for a search that is not to be listed.",
)
def search(**options: Any) -> int:
    """Look for a better recipe: try many, stop the losers early.

    What was tried is printed as a JSON line each, the best first, with the command that trains it
    in full. `train --resume ID` goes on with one that was stopped.
    """
    from model import commands

    return commands.search(**options)


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE


@cli.command()
@_model
@click.option("--data", required=True, metavar="SPEC", help=f"Whose test digits: {_SPECS}.")
def evaluate(model: str | None, data: str) -> int:
    """Hold a model against labelled digits, as JSON."""
    from model import commands

    return commands.evaluate(data, model)


@cli.command()
def runs() -> int:
    """List the runs, the newest first; * is in use."""
    from model import commands

    return commands.runs()


@cli.command()
@_id
def use(name: str) -> int:
    """Choose the model that answers.

    ID is a run's, or "shipped": the built-in network.
    """
    from model import commands

    return commands.use(name)


@cli.command()
@_id
@click.option(
    "--to", "to", required=True, type=click.Choice(_FORMATS), help="The format to write it in."
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Where to; else ./ID-FORMAT."
)
def export(name: str, to: str, out: Path | None) -> int:
    """Write a model for other programs to run.

    ID is a run's, or "shipped": the built-in network.
    """
    from model import commands

    return commands.export(name, to, out)


_code = click.argument("code", metavar="CODE", shell_complete=_names(_room_codes))


@cli.group(invoke_without_command=True)
@click.pass_context
def rooms(context: click.Context) -> int | None:
    """List the rooms of classes, take one along, erase one.

    A room is named by its code.
    """
    if context.invoked_subcommand:
        return None
    from model import commands

    return commands.rooms()


@rooms.command("export")
@_code
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to write the zip; else ./CODE.zip.",
)
def export_room(code: str, out: Path | None) -> int:
    """Write all that was drawn in a room: pictures, pen strokes, and what was answered."""
    from model import commands

    return commands.export_room(code, out)


@rooms.command("erase")
@_code
def erase_room(code: str) -> int:
    """Remove a room, its drawings and the networks that learned from them, at once and for good."""
    from model import commands

    return commands.erase_room(code)


@cli.command(context_settings={"ignore_unknown_options": True})
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[STREAMLIT OPTION…]")
def serve(port: int, options: Sequence[str]) -> None:
    """Open the app in the browser.

    Streamlit's own options may follow, as --server.address localhost.
    """
    from model.settings import child_environment

    command = [sys.executable, "-P", "-m", "ui", "--server.port", str(port), *options]
    os.execve(sys.executable, command, child_environment())


@cli.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> None:
    """Print a shell's completion script.

    It completes commands, options, recipes and runs. For bash, eval "$(inkling completion bash)"
    in ~/.bashrc keeps it.
    """
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(cli, {}, "inkling", _COMPLETION).source())


if __name__ == "__main__":
    run()
