"""A batch of 280,000 digits on one node of a Ray cluster and on two.

    .venv-cluster/bin/python -m benchmarks.cluster

The nodes have a processor each and are on this machine, as are the head and what asks for the
batch; digits that the project draws are read from one Parquet file, answered and written. In all:
from the command to its end, with the time in which the network is loaded; then what is left of
that from the first block on, as it would be for a batch without end.
"""

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import report
from model.data import synthetic
from model.inference import block_pool, blocks
from model.settings import PRETRAINED, ROOT

DIGITS, UNIQUE = 280_000, 2_000
NODES = (1, 2)
_MEMORY = 80 * 2**20  # bytes of a node's object store

os.environ.update(
    RAY_AUTH_MODE="token",
    RAY_AUTH_TOKEN=secrets.token_hex(32),
    RAY_USAGE_STATS_ENABLED="0",
    RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO="0",
    PYTHONPATH=str(ROOT),
)


@contextmanager
def _cluster(nodes: int) -> Iterator[None]:
    from ray.cluster_utils import Cluster

    folder = tempfile.mkdtemp(prefix="ray-")
    head = {"num_cpus": 0, "include_dashboard": False, "object_store_memory": _MEMORY}
    cluster = Cluster(initialize_head=True, head_node_args={**head, "temp_dir": folder})
    try:
        for _ in range(nodes):
            cluster.add_node(num_cpus=1, object_store_memory=_MEMORY)
        os.environ["INKLING_ENGINE"] = cluster.address
        yield
    finally:
        cluster.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


def _measured(given: Path, out: Path) -> dict[str, Any]:
    """Seconds until the first block is there, and until all are; digits that are done by then."""
    began = time.perf_counter()
    batch = blocks.begin([str(given)], PRETRAINED, str(out))
    done = [
        (time.perf_counter() - began, count)
        for count in block_pool.answers(batch.missing, batch.out)
    ]
    first, last = done[0], done[-1]
    answered = sum(count for _, count in done)
    assert answered == DIGITS
    return {
        "first": first[0],
        "all": last[0],
        "rate": (answered - first[1]) / (last[0] - first[0]),
    }


def main() -> None:
    found = {}
    with tempfile.TemporaryDirectory() as name:
        given = Path(name) / "digits.parquet"
        pixels = [image.tobytes() for image in synthetic.make(UNIQUE, seed=1)[0]]
        pq.write_table(pa.table({"image": pixels * (DIGITS // UNIQUE)}), given)
        for nodes in NODES:
            with _cluster(nodes):
                found[str(nodes)] = _measured(given, Path(name) / f"out-{nodes}")
        one, two = (pq.read_table(Path(name) / f"out-{nodes}")["Label"] for nodes in NODES)
        assert np.array_equal(one.to_numpy(), two.to_numpy())
    report.save("cluster", {"digits": DIGITS, "nodes": found})
    print(as_table())


def as_table() -> str:
    kept = report.load("cluster")
    nodes = kept["nodes"] if kept else {}
    rows = [
        [
            f"{count}, a processor each" if count != "1" else "1, of one processor",
            f"{one['first']:.0f} s",
            f"{one['all']:.0f} s",
            f"{one['rate']:,.0f}",
            f"{one['rate'] / nodes['1']['rate']:.2f} ×",
        ]
        for count, one in nodes.items()
    ]
    return report.table(
        ["nodes", "until the first block", "280,000 digits", "digits a second from then", "ratio"],
        rows,
    )


if __name__ == "__main__":
    main()
