"""A network of one's own in place of the recipe's: its layers, what they cost, and their code."""

from dataclasses import replace
from typing import TypedDict

import streamlit as st

from model.data.samples import CLASSES
from model.errors import InklingError
from model.language import Text, _
from model.training import design, estimate, networks, notebook, recipes
from model.training.design import Design
from model.training.estimate import Speed
from model.training.layers import cost
from model.training.recipes import OPTIMIZERS, Recipe
from ui.common import formatting, state

_SUGGESTED = {"SGD": 0.05, "Adadelta": 1.0}  # learning rates; 0.001 to 0.01 suit the others
_BENDING = {
    None: Text("As the recipe"),
    "none": Text("Not at all"),
    "good": Text("A little"),
    "best": Text("A lot"),
}
_FILTERS = (16, 32, 64, 128)  # of the convolutions, at first


def show(recipe: Recipe, images: int | None, answers: int, speed: Speed | None) -> None:
    """The choices; what was chosen is what `changes` gives. `images` is how many digits there are
    to learn from, if that is known."""
    with st.expander(_("Change the network"), key="change_network"):
        st.toggle(
            _("A network of your own"),
            key=state.OWN_NETWORK.key,
            persist_state="session",
            help=_("It begins with nothing, and learns by this recipe otherwise."),
        )
        if not state.OWN_NETWORK.get():
            if recipe.network == recipes.IN_USE:
                st.caption(_("It goes on with the network in use, whichever that is."))
                return
            st.caption(_("The network of {title}, in Keras:", title=recipe.title))
            _code(recipe, answers)
            return
        left, right = st.columns(2, gap="large")
        with left:
            _choices()
        with right:
            try:
                chosen = _chosen(recipe)
                st.caption(_cost(chosen, images, answers, speed))
                _code(chosen, answers)
            except InklingError as error:
                st.warning(formatting.plain(error), icon=":material/info:")


class Changes(TypedDict, total=False):
    """What of a `Request` is chosen here."""

    network: str
    optimizer: str
    augmentation: str


def changes() -> Changes:
    """What of a recipe is another; nothing where its own network is to learn. Raises
    InklingError."""
    if not state.OWN_NETWORK.get():
        return {}
    chosen = Changes(network=_design().spec())
    if optimizer := state.OPTIMIZER.get():
        chosen["optimizer"] = optimizer
    if bending := state.BENDING.get():
        chosen["augmentation"] = bending
    return chosen


def _chosen(recipe: Recipe) -> Recipe:
    made = changes()
    if "augmentation" in made:
        recipe = replace(recipe, augmentation=recipes.augmentation(made["augmentation"]))
    return replace(
        recipe,
        network=made["network"],
        optimizer=made.get("optimizer", recipe.optimizer),
        epochs=state.EPOCHS[recipe.name].get() or recipe.epochs,
        learning_rate=state.LEARNING_RATE[recipe.name].get() or recipe.learning_rate,
    )


def _design() -> Design:
    """As it was entered; raises InklingError for what is too large."""
    plain = Design()
    values = {
        name: plain_value if (value := state.DESIGN[name].get()) is None else value
        for name, plain_value in vars(plain).items()
        if name != "filters"
    }
    count = state.CONVOLUTIONS.get()
    filters = [state.FILTERS[place].get() or _FILTERS[place] for place in range(count)]
    return Design(filters=tuple(filters), **values)


def _choices() -> None:
    plain = Design()
    count = st.slider(
        _("Convolutions"),
        0,
        design.MOST_CONVOLUTIONS,
        2,
        key=state.CONVOLUTIONS.key,
        persist_state="session",
        help=_("Each looks for so many shapes, and halves the picture."),
    )
    if count:
        for place, column in enumerate(st.columns(count)):
            column.number_input(
                _("Filters {place}", place=place + 1),
                1,
                design.MOST_FILTERS,
                _FILTERS[place],
                step=8,
                key=state.FILTERS[place].key,
                persist_state="session",
            )
        st.segmented_control(
            _("Kernel"),
            [1, 3, 5, 7],
            format_func=lambda side: f"{side} × {side}",
            default=plain.kernel,
            required=True,
            key=state.DESIGN["kernel"].key,
            persist_state="session",
        )
        st.toggle(_("Batch normalization"), key=state.DESIGN["norm"].key, persist_state="session")
    dense, dropout = st.columns(2)
    dense.number_input(
        _("Dense layer"),
        0,
        design.MOST_DENSE,
        plain.dense,
        step=32,
        key=state.DESIGN["dense"].key,
        persist_state="session",
        help=_("How many numbers it weighs all shapes into; 0: straight to the answer."),
    )
    dropout.number_input(
        _("Dropout"),
        0.0,
        design.MOST_DROPOUT,
        plain.dropout,
        step=0.05,
        key=state.DESIGN["dropout"].key,
        persist_state="session",
        help=_("The share of the numbers that is left out at random while it learns."),
    )
    activation, optimizer = st.columns(2)
    activation.selectbox(
        _("Activation"),
        design.ACTIVATIONS,
        key=state.DESIGN["activation"].key,
        persist_state="session",
    )
    optimizer.selectbox(
        _("Optimizer"),
        [None, *OPTIMIZERS],
        format_func=lambda name: name or _("As the recipe"),
        key=state.OPTIMIZER.key,
        persist_state="session",
    )
    st.selectbox(
        _("Digits are bent"),
        list(_BENDING),
        format_func=lambda name: str(_BENDING[name]),
        key=state.BENDING.key,
        persist_state="session",
    )
    if suggested := _SUGGESTED.get(state.OPTIMIZER.get() or ""):
        st.caption(
            _(
                "{optimizer} wants a learning rate of about {suggested:g}.",
                optimizer=state.OPTIMIZER.get(),
                suggested=suggested,
            )
        )


def _cost(recipe: Recipe, images: int | None, answers: int, speed: Speed | None) -> str:
    every = networks.all_layers(recipe.network, answers)
    found = cost(every)
    sentences = [
        _(
            "**{parameters:,} parameters**, {millions:.1f} million multiplications for a digit.",
            parameters=found.parameters,
            millions=found.multiplications / 1e6,
        )
    ]
    if images is not None:
        seconds = estimate.seconds_of_design(recipe, every, images, speed or estimate.REFERENCE)
        sentences.append(_("It takes about {time}.", time=formatting.duration(seconds)))
    return " ".join(sentences)


def _code(recipe: Recipe, answers: int = CLASSES) -> None:
    code = f"{notebook.network_code(recipe.network, answers)}\n\n{notebook.training_code(recipe)}"
    st.code(code, language="python", height=420)
