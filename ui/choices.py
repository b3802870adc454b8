"""What to train on what: choices beside the Retrain button, none of which has to be made."""

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from benchmarks import report
from model import speed, uploads
from model.datasets import MNIST_TRAIN, MNIST_VALIDATION, SYNTHETIC_TRAIN
from model.errors import InklingError
from model.preprocess import prepare_canvas
from model.recipes import RECIPES, Recipe
from model.work import Request
from ui import picture, saved, sheet, words

OWN = "own"  # the recipe's own data, and synthetic digits where those can't be had
FILE = "file"
SPECS = ["mnist", "synthetic", "mnist+synthetic"]

_IMAGES = {"mnist": MNIST_TRAIN - MNIST_VALIDATION, "synthetic": SYNTHETIC_TRAIN}
_LARGEST = 200  # MB of an upload: Kaggle's train.csv has 77
_ABOUT = {
    "quick": "A small network, for a first look.",
    "good": "A network of middling size, and digits that are bent a little differently each time.",
    "best": "A larger network, and more kinds of digits, bent differently each time. "
    "The model that ships was made like this.",
    "keras-tutorial": "The network of Keras’ own MNIST example, trained as published.",
    "kaggle-tutorial": "A network that many begin with on Kaggle, and bent digits.",
}


def show(beside: DeltaGenerator) -> None:
    """The choices, one of them beside the button; what was chosen is what `request` asks for."""
    recipe = RECIPES[st.session_state.get("recipe", "quick")]
    with beside.container(key="data"):
        _digits(recipe)
    with st.container(key="upload"):
        if st.session_state.digits == FILE:
            _uploader()
    # What is expected of a recipe changes as it is measured; the labels, which a choice is told
    # by, must not.
    st.radio(
        "Recipe",
        list(RECIPES),
        format_func=lambda name: RECIPES[name].title,
        captions=[_expected(name) for name in RECIPES],
        key="recipe",
        horizontal=True,
        width="stretch",
    )
    st.caption(_about(recipe))
    with st.expander("Epochs, batch size, learning rate, seed", key="settings"):
        _settings(recipe)


@st.cache_data(ttl=3, show_spinner=False)
def times() -> dict[str, float | None]:
    """How long each recipe takes on this machine, in seconds, as far as that is known."""
    return {name: _seconds(recipe, recipe.data) for name, recipe in RECIPES.items()}


@st.cache_data(ttl=60, show_spinner=False)
def measure() -> None:
    """Have it found out in the background where it isn't known, if it isn't under way."""
    speed.measure()


def request() -> Request:
    """What was chosen, and the drawing on the Draw page to watch. Raises InklingError."""
    state = st.session_state
    name = state.recipe
    return Request(
        recipe=name,
        data=_spec(),
        seed=state.seed,
        epochs=state[f"epochs-{name}"],
        batch_size=state[f"batch-{name}"],
        learning_rate=state[f"rate-{name}"],
        drawing=_drawing(),
    )


# ---------------------------------------------------------------- recipe


def _expected(name: str) -> str:
    """How well a recipe reads and how long it takes: “99.2 %, 18 s”."""
    accuracy, seconds = _expected_accuracy(name), times()[name]
    known = [words.percent(accuracy, 1)] if accuracy is not None else []
    return ", ".join([*known, words.duration(seconds)] if seconds is not None else known)


def _about(recipe: Recipe) -> str:
    """What the recipe is, how well it reads and how long it takes, with what was changed."""
    accuracy, seconds = _expected_accuracy(recipe.name), _expected_seconds(recipe)
    sentences = [_ABOUT[recipe.name]]
    if accuracy is not None:
        sentences.append(f"It reads about {words.percent(accuracy, 1)} of the test digits right.")
    if seconds is not None:
        sentences.append(f"On this machine it takes about {words.duration(seconds)}.")
    return " ".join(sentences)


def _expected_accuracy(name: str) -> float | None:
    """What the recipe reached on MNIST's test digits when it was last measured."""
    measured = (report.load("recipes") or {}).get("recipes", {})
    return measured[name]["accuracy"] if name in measured else None


def _expected_seconds(recipe: Recipe) -> float | None:
    digits = st.session_state.digits
    chosen = Request(recipe.name, epochs=st.session_state.get(f"epochs-{recipe.name}")).chosen()
    return _seconds(chosen, recipe.data if digits == OWN else digits)


def _seconds(recipe: Recipe, spec: str) -> float | None:
    """How long a recipe takes on the digits of a spec, if it is known and so is their number."""
    images = [_images(part) for part in spec.split("+")]
    return None if None in images else speed.expected_seconds(recipe, sum(filter(None, images)))


def _images(part: str) -> int | None:
    """How many digits a part of a spec has to train on; None where only reading it would tell."""
    count = part.removeprefix("synthetic:")
    return int(count) if count.isdecimal() else _IMAGES.get(part)


def _settings(recipe: Recipe) -> None:
    """What the recipe prescribes, to be changed; each recipe's own."""
    epochs, batch, rate, seed = st.columns(4)
    epochs.number_input(
        "Epochs",
        1,
        1000,
        recipe.epochs,
        key=f"epochs-{recipe.name}",
        help="How often it goes through all the digits.",
    )
    batch.number_input(
        "Batch size",
        1,
        10_000,
        recipe.batch_size,
        key=f"batch-{recipe.name}",
        help="How many digits it looks at between two corrections.",
    )
    rate.number_input(
        "Learning rate",
        0.00001,
        10.0,
        recipe.learning_rate,
        step=recipe.learning_rate / 10,
        format="%.5g",
        key=f"rate-{recipe.name}",
        help="How large a correction is; the recipe’s schedule ends here at its highest.",
    )
    seed.number_input(
        "Seed",
        0,
        2**32 - 1,
        0,
        key="seed",
        help="Where chance begins. The same seed on the same machine gives the same network.",
    )


# ---------------------------------------------------------------- data


def _digits(recipe: Recipe) -> None:
    """What to learn from: the recipe's own digits at first, else what was chosen before."""
    kept = st.session_state.get("kept")
    others = [*SPECS, *_saved(), *([kept] if isinstance(kept, str) else [])]
    options = [OWN, *(spec for spec in others if spec != recipe.data), FILE]
    before = st.session_state.get("digits", OWN)
    # A list tells its options by their labels, and the first one's is another for each recipe.
    st.session_state.digits = st.selectbox(
        "Learns from",
        options,
        index=options.index(before) if before in options else 0,
        format_func=partial(_data_label, recipe),
        key=f"data-{recipe.name}",
    )


def _saved() -> list[str]:
    """The saved drawings beside MNIST, once there are any that can be read."""
    try:
        return ["mnist+drawings"] if saved.store().counts() else []
    except InklingError:  # the Drawings page says why
        return []


def _data_label(recipe: Recipe, spec: str) -> str:
    if spec == FILE:
        return "A file of yours…"
    return words.data(recipe.data if spec == OWN else spec)


def _spec() -> str | None:
    """The digits that were chosen; None is the recipe's own. Raises InklingError."""
    chosen: str = st.session_state.digits
    if chosen == FILE:
        raise InklingError("No file of digits was given yet; choose one, or other digits.")
    return None if chosen == OWN else chosen


def _uploader() -> None:
    st.file_uploader(
        "Kaggle’s train.csv, or an .npz with images and labels",
        ["csv", "npz", "gz"],
        key="file",
        max_upload_size=_LARGEST,
        on_change=_keep,
    )
    if isinstance(problem := st.session_state.get("kept"), InklingError):
        st.error(str(problem), icon=":material/error:")


def _keep() -> None:
    """Check and keep the file once, as it comes, not at each rerun; and choose it."""
    file = st.session_state.file
    try:
        st.session_state.kept = file and uploads.keep(file)
        if file:
            st.session_state[f"data-{st.session_state.recipe}"] = st.session_state.kept
    except InklingError as error:
        st.session_state.kept = error


# ---------------------------------------------------------------- the watched drawing


def _drawing() -> NDArray[np.float32] | None:
    """What the Draw page shows, if the network could read it."""
    try:
        return (picture.given() or prepare_canvas(sheet.drawing())).image
    except InklingError:
        return None
