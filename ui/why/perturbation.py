"""Break it: the drawing distorted by sliders, until it is no longer read."""

import streamlit as st

from model.explain import perturbation
from model.explain.occlusion import Images
from model.explain.perturbation import DISTORTIONS, Distortion
from model.inference.classifier import Classifier
from model.inference.prediction import answers, with_none
from model.language import Text, _
from model.preprocessing.drawing import Drawing
from ui.common import html, images, state
from ui.draw import answer
from ui.why import cache, pictures, view

_LABELS = {
    "shift": (Text("Shift"), "%d px"),
    "turn": (Text("Turn"), "%d°"),
    "size": (Text("Size"), "%d %%"),
    "thickness": (Text("Thickness"), "%+.1f px"),
    "specks": (Text("Specks"), "%d %%"),
}


@view.view
def perturb(drawn: Drawing, reader: Classifier) -> None:
    """The drawing distorted by five sliders, and the confidence over the range of each."""
    html.lead(
        _("Inkling straightens nothing here: move the sliders and spoil what the network sees."),
        _("Each bar tells how sure it would stay with that slider there. How far can you go?"),
    )
    left, right = st.columns([2, 3], gap="large")
    with right:
        places = {name: _slider(name, DISTORTIONS[name]) for name in DISTORTIONS}
    settings = {name: value for name, (value, _) in places.items()}
    found = cache.cached(
        f"broken {settings}",
        drawn,
        reader,
        lambda: perturbation.sweep(reader, drawn.image, settings),
    )
    before = int(answers(view.probabilities(drawn, reader)[None])[0])
    for name, (value, place) in places.items():
        place.html(_confidences(DISTORTIONS[name], found.ranges[name], value, before))
    with left, st.container(key="broken"):
        st.html(
            pictures.row(
                [pictures.figure(images.png(found.image), _("The spoiled drawing"))], "one"
            )
        )
        st.html(answer.digit_card(found.probabilities, found.image))
        st.button(_("Undo all"), key="why_undo", icon=":material/undo:", on_click=_reset)


def _slider(name: str, distortion: Distortion) -> tuple[float, st.delta_generator.DeltaGenerator]:
    """A slider, and the place beneath it."""
    label, form = _LABELS[name]
    low, high, step = map(distortion.number, (distortion.low, distortion.high, distortion.step))
    widget = state.DISTORTION[name]
    if widget.get() is None:
        widget.set(distortion.number(distortion.none))
    with st.container(key=f"sweep-{name}"):
        value = st.slider(
            str(label), low, high, step=step, format=form, key=widget.key, persist_state="session"
        )
        return float(value), st.empty()


def _confidences(distortion: Distortion, read: Images, now: float, before: int) -> str:
    """A bar for each of the slider's values: how sure it is of the answer that it gave before."""
    bars = [
        (value, shares[before], _(answer.NAMES[best]))
        for value, shares, best in zip(
            distortion.values, with_none(read), answers(read), strict=True
        )
    ]
    return html.render("why/sweep.html", bars=bars, before=_(answer.NAMES[before]), now=now)


def _reset() -> None:
    for name, distortion in DISTORTIONS.items():
        state.DISTORTION[name].set(distortion.number(distortion.none))
