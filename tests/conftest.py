import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from model.data import synthetic
from tests.support.postgresql import Database
from tests.support.postgresql import postgresql as started

# Ray has a virtual environment of its own: `make test-cluster`.
collect_ignore = [] if find_spec("ray") else ["cluster"]

# A machine that has other work too is no fault of the code's; a check of a change tries the same
# examples each time, a person's own machine others.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile("local", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session")
def few_digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 600 digits, to be read in no time in place of MNIST."""
    images, labels = synthetic.make(600, seed=600)
    path = tmp_path_factory.mktemp("digits") / "few.npz"
    np.savez_compressed(path, x=images, y=labels)
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few_digits: Path) -> Path:
    """An INKLING_HOME of the test's own, where the built-in network answers and MNIST is small."""
    monkeypatch.setenv("INKLING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MNIST_PATH", str(few_digits))
    monkeypatch.delenv("INKLING_MODEL", raising=False)
    return tmp_path / "home"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Database]:
    """A PostgreSQL for all tests that only fill it."""
    with started() as database:
        yield database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty database of either kind, which INKLING_DATABASE names."""
    if request.param == "sqlite":
        home.mkdir(parents=True)
        address = f"sqlite:///{home / 'drawings.db'}"
    else:
        address = request.getfixturevalue("postgresql").new()
    monkeypatch.setenv("INKLING_DATABASE", address)
    return address
