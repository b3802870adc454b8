"""Programs in processes of their own, as a person runs them."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 300  # s; most of it is TensorFlow's import on a machine that has other work too


def started(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    """`python -m model ARGUMENTS`, left running."""
    return subprocess.Popen(
        [sys.executable, "-m", "model", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class Outcome(NamedTuple):
    """How a program ended, and what it printed to the two outputs."""

    returncode: int
    stdout: str
    stderr: str


def command(*arguments: object, **environment: str) -> Outcome:
    """`python -m model ARGUMENTS`, run to its end."""
    return python("-m", "model", *arguments, **environment)


def refusal(*arguments: object, **environment: str) -> str:
    """The one line that a command ends with that can't do what it is told."""
    done = command(*arguments, **environment)
    assert (done.returncode, done.stdout) == (2, ""), done
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def python(*arguments: object, **environment: str) -> Outcome:
    """`python ARGUMENTS`, run to its end in the project's folder."""
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def program(code: str, *arguments: object, **environment: str) -> str:
    """What a program prints that has to end well."""
    done = python("-c", code, *arguments, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout
