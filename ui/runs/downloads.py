"""What can be taken along of a run: its model, and its curves as pictures."""

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import streamlit as st

from model.data.samples import CLASSES
from model.errors import InklingError
from model.inference import export
from model.language import Text, _
from model.runs import replay
from model.runs.run import Run
from model.settings import child_environment
from model.training import notebook, pipeline, plots

_NAMES = {"keras": "Keras", "tflite": "TFLite", "onnx": "ONNX"}
_FIGURES = {"loss": Text("Loss"), "accuracy": Text("Accuracy")}
_MIMES = {"png": "image/png", "svg": "image/svg+xml"}


def curves(run: Run) -> None:
    """A button for each of its curves in each format."""
    if not run.snapshot().history:
        return
    with st.container(key="plots", horizontal=True):
        for figure in _FIGURES:
            for to in plots.FORMATS:
                st.download_button(
                    _("{curve} as {format}", curve=_FIGURES[figure], format=to.upper()),
                    partial(_plot, run, figure, to),
                    f"{run.id}-{figure}.{to}",
                    _MIMES[to],
                    key=f"plot-{figure}-{to}",
                    icon=":material/show_chart:",
                    on_click="ignore",
                )


def training(run: Run) -> None:
    """A button for a notebook that trains the same thing, where there can be one."""
    if not notebook.can_be_written(run):
        return
    sample = replay.read_sample(run.blobs)
    answers = int(sample.answers) if sample else CLASSES + bool(run.config.recipe.nondigits)
    st.download_button(
        _("Download as notebook"),
        lambda: notebook.notebook(run.config, pipeline.recipe_of(run), answers),
        f"inkling-{run.id}.ipynb",
        "application/x-ipynb+json",
        key="notebook",
        icon=":material/code:",
        on_click="ignore",
    )


def _plot(run: Run, figure: str, to: str) -> bytes:
    return plots.plot(run.snapshot().history, figure, to)


def model(run: Run) -> None:
    """A button for each format."""
    if not run.has_model:
        return
    st.header(_("Download the model"), anchor=False)
    st.caption(
        _(
            "The model, a script of twenty lines that reads a picture with it, and what prepares "
            "the picture as Inkling does. TFLite and ONNX take some seconds to convert."
        )
    )
    with st.container(key="downloads", horizontal=True):
        for to in export.FORMATS:
            st.download_button(
                _NAMES[to],
                partial(_zip, run, to),
                f"inkling-{run.id}-{to}.zip",
                "application/zip",
                key=f"download-{to}",
                icon=":material/download:",
                on_click="ignore",
            )


def _zip(run: Run, to: str) -> bytes:
    """What `inkling export` writes: in a process of its own, as the converters take
    TensorFlow's memory and Python's lock."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "model", "export", run.id, "--to", to, "--out", folder],
            env=child_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise InklingError(done.stderr.strip().splitlines()[-1].removeprefix("inkling: "))
        paths = [path for path in Path(folder).rglob("*") if path.is_file()]
        return export.zipped({str(p.relative_to(folder)): p.read_bytes() for p in paths})
