"""Blocks of digits read on all the processors of a Ray cluster, by Ray Data: each actor has the
network loaded once, and takes a block after the other."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from model import cluster
from model.errors import InklingError
from model.inference import blocks
from model.inference.blocks import Block


def answers(missing: Sequence[Block], out: str) -> Iterator[int]:
    """Answer the blocks, and say of each how many digits it has, as soon as that is done. What a
    lost node was at, another one does. Raises InklingError."""
    with cluster.connected():
        import ray
        import ray.data

        logging.getLogger("ray.data").setLevel(logging.ERROR)
        size = max(1, min(cluster.processors(), len(missing)))
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        done = ray.data.from_items(
            [asdict(block) for block in missing], override_num_blocks=len(missing)
        ).map_batches(
            Reader,
            fn_constructor_args=(out,),
            batch_size=1,
            num_cpus=1,
            compute=ray.data.ActorPoolStrategy(size=size),
        )
        try:
            for row in done.iter_rows():
                if row["problem"]:
                    raise InklingError("{problem}", problem=row["problem"])
                yield int(row["rows"])
        except ray.exceptions.RayError as error:
            first = next(iter(str(error).splitlines()), "")
            raise InklingError(
                "The cluster has broken off ({fault}); the same command goes on.", fault=first
            ) from error


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
            return {"rows": [blocks.answer(self._reader, block, self._out)], "problem": [""]}
        except InklingError as error:
            return {"rows": [0], "problem": [str(error)]}
