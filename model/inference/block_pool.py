"""Blocks of digits read on all the processors of a Ray cluster, by Ray Data: each actor has the
network loaded once, and takes a block after the other."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from model import cluster
from model.errors import InklingError
from model.inference import blocks
from model.inference.blocks import Batch, Block

_ATTEMPTS = 5
_PAUSE = 5.0  # seconds, as a lost node counts as alive for some


def answers(batch: Batch) -> Iterator[int]:
    """Answer the missing blocks, and say of each how many digits it has, as soon as that is done.
    Where a node is lost, what is missing by then begins anew on the others. Raises InklingError."""
    with cluster.connected():
        import ray
        import ray.data

        logging.getLogger("ray.data").setLevel(logging.ERROR)
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        vain = 0  # attempts in a row that came to nothing
        while missing := batch.missing:
            told = set[str]()
            try:
                for row in _rows(missing, batch.out):
                    if row["problem"]:
                        raise InklingError("{problem}", problem=row["problem"])
                    told.add(row["name"])
                    yield int(row["rows"])
            except ray.exceptions.RayTaskError:
                raise
            except ray.exceptions.RayError as error:
                left = {block.name for block in batch.missing}
                vain = vain + 1 if len(left) == len(missing) else 0
                if vain == _ATTEMPTS:
                    first = next(iter(str(error).splitlines()), "")
                    raise InklingError(
                        "The cluster has broken off ({fault}); the same command goes on.",
                        fault=first,
                    ) from error
                for block in missing:  # written, and then its actor was lost
                    if block.name not in told | left:
                        yield max(0, block.stop - block.start)
                time.sleep(_PAUSE)


def _rows(missing: Sequence[Block], out: str) -> Iterator[dict[str, Any]]:
    """What the actors say of each block. Raises RayError where one is lost: Ray would have its
    block wait until there is a processor for another one, while those that are left keep theirs."""
    import ray

    size = max(1, min(cluster.processors(), len(missing)))
    said: Iterator[dict[str, Any]] = (
        ray.data.from_items([asdict(block) for block in missing], override_num_blocks=len(missing))
        .map_batches(
            Reader,
            fn_constructor_args=(out,),
            batch_size=1,
            num_cpus=1,
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=size, initial_size=size),
            max_restarts=0,
            max_task_retries=0,
        )
        .iter_rows()
    )
    return said


class Reader:
    """An actor that reads blocks by one processor."""

    def __init__(self, out: str) -> None:
        import tensorflow as tf

        from model.inference import classifier
        from model.inference.backend import start_keras

        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
        start_keras()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.keras"
            path.write_bytes(blocks.model(out))
            self._reader = classifier.load(path)
        self._out = out

    def __call__(self, rows: dict[str, Any]) -> dict[str, list[Any]]:
        """Answer one block; what can't be used is a sentence, not an error of the cluster's."""
        (block,) = (
            Block(str(source), str(name), int(start), int(stop))
            for source, name, start, stop in zip(
                rows["source"], rows["name"], rows["start"], rows["stop"], strict=True
            )
        )
        try:
            count, problem = blocks.answer(self._reader, block, self._out), ""
        except InklingError as error:
            count, problem = 0, str(error)
        return {"name": [block.name], "rows": [count], "problem": [problem]}
