"""A cluster of Ray's own for tests, as a person would have it on several machines."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.settings import ROOT
from tests.support.runs import kill_all

# Read when Ray is imported, by its nodes too.
os.environ.update(
    RAY_AUTH_MODE="token",
    RAY_AUTH_TOKEN=secrets.token_hex(32),
    RAY_USAGE_STATS_ENABLED="0",
    RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO="0",
    PYTHONPATH=os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
)

from ray.cluster_utils import Cluster

_MEMORY = 80 * 2**20  # bytes of a node's object store, through which next to nothing goes


class Nodes:
    """The nodes of a cluster, which can be killed."""

    def __init__(self, folder: str) -> None:
        self._cluster = Cluster(
            initialize_head=True,
            head_node_args={
                "num_cpus": 0,
                "include_dashboard": False,
                "object_store_memory": _MEMORY,
                "temp_dir": folder,
            },
        )
        self.nodes = [self._add() for _ in range(2)]

    def _add(self) -> object:
        return self._cluster.add_node(num_cpus=1, object_store_memory=_MEMORY)

    @property
    def address(self) -> str:
        return str(self._cluster.address)

    def add(self) -> None:
        self.nodes.append(self._add())

    def kill_one(self) -> None:
        self._cluster.remove_node(self.nodes.pop(0), allow_graceful=False)

    def kill_head(self) -> None:
        self._cluster.remove_node(self._cluster.head_node, allow_graceful=False)

    def shut_down(self) -> None:
        self._cluster.shutdown()


@pytest.fixture(scope="session")
def nodes() -> Iterator[Nodes]:
    folder = tempfile.mkdtemp(prefix="ray-")  # a socket's path has 107 characters at most
    nodes = Nodes(folder)
    try:
        yield nodes
    finally:
        nodes.shut_down()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def cluster(nodes: Nodes, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Nodes]:
    """A cluster of two nodes that trains what is in an INKLING_HOME of the test's own."""
    while len(nodes.nodes) < 2:
        nodes.add()
    monkeypatch.setenv("INKLING_ENGINE", nodes.address)
    yield nodes
    kill_all()
