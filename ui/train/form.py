"""What to train on what: choices beside the Retrain button, none of which has to be made."""

from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from model.data.datasets import MNIST_TRAIN, MNIST_VALIDATION, NONDIGITS, SYNTHETIC_TRAIN
from model.data.samples import CLASSES
from model.errors import InklingError
from model.language import Text, _, ngettext
from model.training import estimate, uploads
from model.training.estimate import Speed
from model.training.pipeline import Request
from model.training.recipes import RECIPES, Recipe, reference
from ui.common import actions, formatting, limits, room, state
from ui.common.limits import Kind
from ui.draw import current
from ui.train import design

FILE = "file"
SPECS = [*dict.fromkeys(recipe.data for recipe in RECIPES.values()), "synthetic"]

_IMAGES = {
    "mnist": MNIST_TRAIN - MNIST_VALIDATION,
    "synthetic": SYNTHETIC_TRAIN,
    "nondigits": NONDIGITS,
}
_LARGEST = 200  # MB of an upload: Kaggle's train.csv has 77
_DESCRIPTIONS = {
    "quick": Text(
        "A small network learns from nothing, for a first look: at the beginning it guesses."
    ),
    "good": Text(
        "A network of middling size learns from nothing, and digits that are bent a little "
        "differently each time."
    ),
    "best": Text(
        "A larger network learns from nothing, and more kinds of digits: for what people draw, "
        "not for MNIST alone. The built-in network began like this."
    ),
    "refine": Text(
        "The network in use goes on learning, with what it knows as its teacher, and ends halfway "
        "between that and what it has learned."
    ),
    "keras-tutorial": Text("The network of Keras’ own MNIST example, trained as published."),
    "kaggle-tutorial": Text("A network that many begin with on Kaggle, and bent digits."),
}


def show(beside: DeltaGenerator) -> None:
    """The choices, one of them beside the button; what was chosen is what `request` asks for."""
    chosen = choose_data(beside)
    # What is expected of a recipe changes with each run; the labels, which a choice is told by,
    # must not.
    speed = estimate.speed()
    name = st.radio(
        _("Recipe"),
        list(RECIPES),
        format_func=lambda name: _(RECIPES[name].title),
        captions=[_expected(recipe, speed) for recipe in RECIPES.values()],
        key=state.RECIPE.key,
        on_change=_choose_data,
        horizontal=True,
        width="stretch",
        persist_state="session",
    )
    st.caption(_description(RECIPES[name], speed))
    with st.expander(_("Epochs, batch size, learning rate, seed"), key="settings"):
        _settings(RECIPES[name])
    answers = CLASSES + int("nondigits" in chosen)
    design.show(RECIPES[name], count(chosen), answers, speed)


def choose_data(beside: DeltaGenerator) -> str:
    """What to learn from, to be chosen beside the button; a file of one's own below."""
    with beside:
        chosen = _data()
    with st.container(key="data_file"):
        if chosen == FILE:
            _uploader()
    return chosen


def request() -> Request:
    """What was chosen, and the drawing on the Draw page to watch. Raises InklingError."""
    name = state.RECIPE.one_of(RECIPES)
    if name is None:
        raise InklingError("There is no such recipe; wanted: one of those on the page.")
    chosen = Request(
        recipe=name,
        data=chosen_spec(RECIPES[name]),
        seed=state.SEED.get(),
        epochs=state.EPOCHS[name].get(),
        batch_size=state.BATCH_SIZE[name].get(),
        learning_rate=state.LEARNING_RATE[name].get(),
        drawing=watched_drawing(),
        **design.changes(),
    )
    return private(chosen)


def private(request: Request) -> Request:
    """The same, but for this visitor alone where it learns from an album of one's own."""
    mine = room.own_album(request.data)
    return replace(request, room=mine, is_private=mine is not None)


# ---------------------------------------------------------------- recipe


def _expected(recipe: Recipe, speed: Speed | None) -> str:
    """How well a recipe reads and how long it takes: “99.2 %, 18 s”."""
    measured, seconds = reference(recipe.name), _seconds(recipe, recipe.data, speed)
    known = [formatting.percent(measured.accuracy, 1)] if measured else []
    return ", ".join([*known, formatting.duration(seconds)] if seconds is not None else known)


def _description(recipe: Recipe, speed: Speed | None) -> str:
    """What the recipe is, how well it reads and how long it takes, with what was changed."""
    chosen = Request(recipe.name, epochs=state.EPOCHS[recipe.name].get()).chosen()
    measured, seconds = (
        reference(recipe.name),
        _seconds(chosen, state.LEARNS_FROM.get(), speed),
    )
    sentences = [str(_DESCRIPTIONS[recipe.name])]
    if measured:
        accuracy = formatting.percent(measured.accuracy, 1)
        sentences.append(
            _("It reads about {accuracy} of the test digits right.", accuracy=accuracy)
        )
    sentences.append(_outlook(recipe))
    if seconds is not None:
        time = formatting.duration(seconds)
        sentences.append(
            _("On this machine it takes about {time}.", time=time)
            if speed
            else _("On a machine with two cores it takes about {time}.", time=time)
        )
    return " ".join(sentences)


def _outlook(recipe: Recipe) -> str:
    """Whether it will answer at once, or wait for a person."""
    if not recipe.nondigits:
        return _("It takes everything for a digit, so it waits for your yes before it is used.")
    sentence, measured = _("It also learns to say “not a digit”."), reference(recipe.name)
    if not measured or not measured.trainings:
        return sentence
    if not measured.took_over:
        more = _(
            "It was never as good as the built-in network at everything when that was "
            "measured, so it will likely wait for your yes."
        )
        return f"{sentence} {more}"
    more = ngettext(
        "Of {n:,} training that was measured, {took_over} took over from the "
        "built-in network at once.",
        "Of {n:,} trainings that were measured, {took_over} took over from the "
        "built-in network at once.",
        measured.trainings,
        took_over=measured.took_over,
    )
    return f"{sentence} {more}"


def _seconds(recipe: Recipe, spec: str, speed: Speed | None) -> float | None:
    """How long a recipe takes on the digits of a spec, if their number is known."""
    images = count(spec)
    if images is None:
        return None
    besides = 0.0 if "nondigits" in spec else recipe.nondigits
    learned = round(images * (1 + besides))
    return estimate.expected_seconds(recipe, learned, speed or estimate.REFERENCE)


def count(spec: str) -> int | None:
    """How many digits a spec has to train on; None where only reading it would tell."""
    images = [_images(part) for part in spec.split("+")]
    return None if None in images else sum(filter(None, images))


def _images(part: str) -> int | None:
    """How many digits a part of a spec has to train on; None where only reading it would tell."""
    kind, _, count = part.partition(":")
    return int(count) if kind in _IMAGES and count.isdecimal() else _IMAGES.get(part)


def _settings(recipe: Recipe) -> None:
    """What the recipe prescribes, to be changed; each recipe's own."""
    epochs, batch, rate, seed = st.columns(4)
    epochs.number_input(
        _("Epochs"),
        1,
        1000,
        recipe.epochs,
        key=state.EPOCHS[recipe.name].key,
        persist_state="session",
        help=_("How often it goes through all the digits."),
    )
    batch.number_input(
        _("Batch size"),
        1,
        10_000,
        recipe.batch_size,
        key=state.BATCH_SIZE[recipe.name].key,
        persist_state="session",
        help=_("How many digits it looks at between two corrections."),
    )
    rate.number_input(
        _("Learning rate"),
        0.00001,
        10.0,
        recipe.learning_rate,
        step=recipe.learning_rate / 10,
        format="%.5g",
        key=state.LEARNING_RATE[recipe.name].key,
        persist_state="session",
        help=_("How large a correction is; the recipe’s schedule ends here at its highest."),
    )
    seed.number_input(
        _("Seed"),
        0,
        2**32 - 1,
        0,
        key=state.SEED.key,
        persist_state="session",
        help=_("Where chance begins. The same seed on the same machine gives the same network."),
    )


# ---------------------------------------------------------------- data


def _data() -> str:
    """What to learn from, to be chosen: digits that can always be had, or a file."""
    return st.selectbox(
        _("Training data"),
        _specs(),
        format_func=lambda spec: _("A file of yours…") if spec == FILE else formatting.data(spec),
        key=state.LEARNS_FROM.key,
        persist_state="session",
    )


def _specs() -> list[str]:
    own = state.OWN_DATA.get()
    return [*SPECS, *_saved_drawings(), *([own] if own else []), FILE]


def _saved_drawings() -> list[str]:
    """This visitor's drawings beside MNIST, or everybody's, once there are any that can be read."""
    try:
        return [f"mnist+drawings:{number}" for number in room.filled()[:1]]
    except InklingError:  # the Drawings page says why
        return []


def _choose_data() -> None:
    """Have a recipe that was just chosen learn from its own digits, unless there is a file."""
    name = state.RECIPE.one_of(RECIPES)
    if name and state.LEARNS_FROM.get() in SPECS:
        state.LEARNS_FROM.set(RECIPES[name].data)


def chosen_spec(recipe: Recipe) -> str | None:
    """The digits that were chosen; None, the recipe's own, may become synthetic digits where
    those can't be had. Raises InklingError."""
    chosen = state.LEARNS_FROM.one_of(_specs())
    if chosen is None:  # any file of the server's, for all that the message says
        raise InklingError("There are no such digits here; wanted: some of those on the page.")
    if chosen == FILE:
        raise InklingError("No file of digits was given yet; choose one, or other digits.")
    return None if chosen == recipe.data else chosen


def _uploader() -> None:
    st.file_uploader(
        _("Kaggle’s train.csv, or an .npz with images and labels"),
        ["csv", "npz", "gz"],
        key=state.DATA_FILE.key,
        max_upload_size=_LARGEST,
        on_change=lambda: actions.perform(state.DATA_FILE_ERROR, _save_file),
    )
    actions.show(state.DATA_FILE_ERROR)


def _save_file() -> None:
    """Check and keep the file once, as it comes, not at each rerun; and choose it."""
    if file := state.DATA_FILE.get():
        limits.spend(Kind.UPLOADS)
        spec = uploads.keep(file)
        state.OWN_DATA.set(spec)
        state.LEARNS_FROM.set(spec)


# ---------------------------------------------------------------- the watched drawing


def watched_drawing() -> NDArray[np.float32] | None:
    """What the Draw page shows, if the network could read it."""
    try:
        drawn = current.drawing()
    except InklingError:
        return None
    return drawn.image if drawn.is_readable else None
