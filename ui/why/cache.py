"""What a server knows about its networks: their layers, how they see the training digits.

All of it is made once for each network, in the background, and goes when the network goes.
"""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

import streamlit as st

from model.explain import neighbours
from model.explain.activations import FeatureExtractor
from model.explain.neighbours import Examples, Index
from model.inference import classifier
from model.inference.classifier import Classifier
from model.language import _
from model.preprocessing.drawing import Drawing
from model.settings import PRETRAINED
from ui.common import formatting, network, room, state
from ui.common.task import Task

T = TypeVar("T")

_lock = Lock()  # what takes seconds is begun once, whoever asks

_LOADED = 3  # networks that are held besides the one in use


def cached(name: str, drawn: Drawing, reader: Classifier, make: Callable[[], T]) -> T:
    """What `make` gives, made once for this visitor's drawing and the network; those of the
    drawing before are forgotten."""
    mine = state.EXPLANATIONS.get()
    if mine.get("drawing") != drawn.digest:
        mine = {"drawing": drawn.digest}
        state.EXPLANATIONS.set(mine)
    key = name, id(reader)
    if key not in mine:
        mine[key] = make(), reader  # held, so that no other network gets its id
    value: T = mine[key][0]
    return value


def feature_extractor(reader: Classifier) -> FeatureExtractor:
    """The network's layers."""
    known = _feature_extractors()
    if reader not in known:
        known[reader] = FeatureExtractor(reader.network)
    return known[reader]


def examples() -> Task[Examples]:
    """The training digits to compare with, on their way or ready; its result() may raise
    InklingError."""
    known = _examples()
    with _lock:
        if not known:
            known.append(Task(_("Looking for digits"), lambda on_progress: neighbours.load()))
    return known[0]


def index(reader: Classifier) -> Task[Index]:
    """How the network sees them, on its way or ready; its result() may raise InklingError."""
    known, layers, digits = _indices(), feature_extractor(reader), examples()
    with _lock:
        if reader not in known:
            known[reader] = Task(
                _("Comparing digits"), lambda on_progress: neighbours.index(layers, digits.result())
            )
    return known[reader]


def networks() -> dict[str, Path]:
    """The networks on this server by what they are called, the one in use first."""
    using = room.in_use()
    found = {_("In use: {model}", model=formatting.model(using.run)): using.path}
    if using.path != PRETRAINED:
        found[formatting.capitalized(str(formatting.SHIPPED))] = PRETRAINED
    others = [run for run in room.runs() if run != using.run and run.has_model]
    paths = (run.model_path for run in others)
    return found | dict(zip(formatting.names(others), paths, strict=True))


def load(path: Path) -> Classifier:
    """The network in that file. Raises InklingError."""
    if path == room.in_use().path:
        return network.load(path).result()
    return _load(network.version_of(path))


@st.cache_resource(show_spinner=False, max_entries=_LOADED)
def _load(version: network.Version) -> Classifier:
    return classifier.load(version[0])


@st.cache_resource(show_spinner=False)
def _feature_extractors() -> WeakKeyDictionary[Classifier, FeatureExtractor]:
    return WeakKeyDictionary()


@st.cache_resource(show_spinner=False)
def _indices() -> WeakKeyDictionary[Classifier, Task[Index]]:
    return WeakKeyDictionary()


@st.cache_resource(show_spinner=False)
def _examples() -> list[Task[Examples]]:
    return []
