"""The Ray cluster that INKLING_ENGINE names.

Only processes of its own connect to it: one that loses its cluster is ended by Ray.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

from model.errors import InklingError
from model.settings import Engine

_PATIENCE = 10  # seconds, for the cluster's door


@contextmanager
def connected(log: bool = False) -> Iterator[None]:
    """Within it, `ray` is connected to the cluster, whose workers have their say here where there
    is to be a `log`. Raises InklingError."""
    address = Engine.read().address
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nobody else is told
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # what goes wrong is told by errors
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # it warns else
    try:
        import ray
    except ImportError:
        raise InklingError(
            "INKLING_ENGINE is “{address}”, and Ray is not installed; wanted: the extra “cluster” "
            "(pip install 'inkling[cluster]').",
            address=address,
        ) from None
    if address != "auto":
        check(address)
    try:
        ray.init(address, namespace="inkling", log_to_driver=log, logging_level="error")
    except (ConnectionError, RuntimeError, ValueError) as error:
        first = next(iter(str(error).splitlines()), "")
        raise InklingError(
            "The Ray cluster at “{address}” can't be joined ({fault}); wanted: one of the same "
            "versions of Ray and Python, and its token (RAY_AUTH_MODE, RAY_AUTH_TOKEN_PATH).",
            address=address,
            fault=first,
        ) from error
    try:
        yield
    finally:
        ray.shutdown()


def check(address: str) -> None:
    """See that somebody is at the address. Raises InklingError."""
    parts = urlsplit(address if "://" in address else f"ray://{address}")
    try:
        with closing(socket.create_connection((parts.hostname, parts.port), _PATIENCE)):
            pass
    except (OSError, ValueError) as error:
        raise InklingError(
            "The Ray cluster at “{address}” does not answer ({fault}); wanted: one that is up, at "
            "the address in INKLING_ENGINE.",
            address=address,
            fault=error,
        ) from None


def processors() -> int:
    """How many the cluster has on all nodes."""
    import ray

    return int(ray.cluster_resources().get("CPU", 0))


def processors_of_a_node() -> int:
    """How many the smallest node has that computes; 1 where there is none yet."""
    import ray

    counts = [int(node["Resources"].get("CPU", 0)) for node in ray.nodes() if node["Alive"]]
    return min((count for count in counts if count), default=1)
