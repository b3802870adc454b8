"""The network extractor: what its layers make of a drawing, and two networks side by side."""

import numpy as np
import streamlit as st

from model.data.samples import CLASSES
from model.errors import InklingError
from model.explain.activations import Layer, map_pictures, picture
from model.explain.integrated_gradients import integrated_gradients
from model.explain.occlusion import Images
from model.inference.classifier import Classifier
from model.language import _
from model.preprocessing.drawing import Drawing
from ui.common import formatting, html, images, state
from ui.draw import answer
from ui.why import cache, components, pictures, view

_EXCITING = 8  # digits that excite a part of a network the most
_INPUTS = 12  # filters shown of a map that is made of many


@view.view
def activations(drawn: Drawing, reader: Classifier) -> None:
    """What each layer makes of the drawing, and what each part of it responds to."""
    html.lead(
        _(
            "The network looks at your drawing in layers: each picture below is one thing that it "
            "looks for. Bright means: found here; black means: not at all."
        ),
        _("Press one to see which ink it answers to, and which digits excite it most."),
    )
    extractor = cache.feature_extractor(reader)
    found = cache.cached(
        "activations", drawn, reader, lambda: extractor.activations(drawn.image[None])
    )
    if state.LAYER.get() >= len(extractor.layers):
        state.LAYER.set(0)  # another network is in use, with fewer of them
    place = st.selectbox(
        _("Layer"),
        range(len(extractor.layers)),
        format_func=lambda place: _layer(place, extractor.layers[place]),
        key=state.LAYER.key,
        persist_state="session",
    )
    values = found[place][0]
    peaks = values.max(axis=(0, 1))
    layer = extractor.layers[place]
    if layer.height > 1:
        kind, pictures = "pictures", [images.png(shown) for shown in map_pictures(values)]
    else:
        low, high = min(0.0, float(peaks.min())), float(peaks.max())
        kind = "digits" if place == len(extractor.layers) - 1 else "numbers"
        pictures = [f"{(peak - low) / max(high - low, 1e-9):.3f}" for peak in peaks]
    names = [_name(i, kind) for i in range(layer.count)]
    of = f"{drawn.digest}-{id(reader)}-{place}"
    channel = components.maps(place, of, pictures, names, kind, int(peaks.argmax()))
    with st.container(key="responds"):
        _unit(drawn, reader, place, channel, names[channel])


def _layer(place: int, layer: Layer) -> str:
    """As “1 · Convolution, 5×5, 32 filters · 28×28”."""
    window = f", {layer.window[0]}×{layer.window[1]}" if layer.window else ""
    words = {
        "Conv2D": _("Convolution{window}, {n} filters", window=window, n=layer.count),
        "MaxPooling2D": _("Max pooling{window}", window=window),
        "Dense": _("Dense, {n} numbers", n=layer.count),
    }
    what = words.get(layer.kind, _("{kind}, {n} outputs", kind=layer.kind, n=layer.count))
    size = f" · {layer.width}×{layer.height}" if layer.height > 1 else ""
    return f"{place + 1} · {what}{size}"


def _name(place: int, kind: str) -> str:
    if kind != "digits":
        return _("No. {place:,}", place=place + 1)
    if place < CLASSES:
        return _("The number for {digit}", digit=place)
    return _("The number for no digit")


def _unit(drawn: Drawing, reader: Classifier, place: int, channel: int, name: str) -> None:
    """Where on the drawing one part of a layer responds, its filter, the digits it likes best."""
    extractor = cache.feature_extractor(reader)
    shares = cache.cached(
        f"unit {place} {channel}",
        drawn,
        reader,
        lambda: integrated_gradients(
            lambda images: extractor.gradients(images, place, channel), drawn.image
        ),
    )
    shown = [
        pictures.figure(
            pictures.heat(drawn.image, shares),
            _("Where it responds"),
            _("{name}, on your drawing", name=name),
            _("Orange ink excites it, blue ink calms it."),
        )
    ]
    kernels = extractor.kernels(place, channel)
    if kernels is not None:
        strongest = np.argsort(-np.abs(kernels).sum(axis=(1, 2)))[:_INPUTS]
        shown.append(_filters(kernels[strongest], len(kernels)))
    st.html(pictures.row(shown, "two"))
    task = cache.index(reader)
    if not task.is_done:
        view.wait_for(_("Looking for the digits that excite it most…"), task)
        return
    index = task.result()
    exciting = index.exciting(place, channel, _EXCITING)
    if not len(exciting):
        st.caption(_("No digit excites it at all: it has nothing to do."))
        return
    digits = index.examples.digits
    st.html(
        pictures.row(
            [
                pictures.figure(
                    images.png(digits.images[n]),
                    _("A digit it likes: {label}", label=digits.labels[n]),
                )
                for n in exciting
            ],
            "eight",
        )
    )
    of_them = view.examples_name(index.examples.spec)
    st.caption(
        _(
            "Of {count:,} {of_them}, these excite it most.",
            count=len(index.peaks[place]),
            of_them=of_them,
        )
    )


def _filters(kernels: Images, count: int) -> str:
    """The weights of a map: bright where it wants ink, dark where it wants none."""
    return html.render("why/filters.html", kernels=[picture(k) for k in kernels], count=count)


# ---------------------------------------------------------------- two networks


@view.view
def two_networks(drawn: Drawing, reader: Classifier) -> None:
    """Two networks on the same drawing, side by side."""
    html.lead(
        _(
            "Two networks look at the same drawing. They learned from different digits, or for a "
            "longer time."
        ),
        _("Where they disagree, compare which ink each of them goes by."),
    )
    found = cache.networks()
    if len(found) == 1:
        html.lead(_("There is only one network on this server so far."))
        st.page_link("pages/train.py", label=_("Train another"), icon=":material/model_training:")
    for number, column in enumerate(st.columns(2, gap="large")[: len(found)]):
        with column:
            _network(drawn, reader, list(found), number)


def _network(drawn: Drawing, reader: Classifier, names: list[str], number: int) -> None:
    name = st.selectbox(_("Network"), names, index=number, key=f"why_network-{number}")
    with st.container(key=f"network-{number}"):
        try:
            chosen = cache.load(cache.networks()[name])
        except InklingError as error:
            st.error(formatting.plain(error), icon=":material/error:")
            return
        read = view.probabilities(drawn, chosen)
        covered = view.occlusion(drawn, chosen)[1]
        st.html(answer.digit_card(read, drawn.image))
        extractor = cache.feature_extractor(chosen)
        first = cache.cached(
            "activations", drawn, chosen, lambda: extractor.activations(drawn.image[None])
        )[0][0]
        strongest = np.argsort(-first.max(axis=(0, 1)))[:_EXCITING]
        shown = map_pictures(first[..., strongest])
        maps = [pictures.figure(images.png(one), _("A picture")) for one in shown]
        st.html(
            pictures.row(
                [pictures.figure(covered, _("The ink it goes by"), _("The ink it goes by"))], "one"
            )
        )
        st.html(pictures.row(maps, "eight"))
        st.caption(
            _(
                "What its first layer finds, {count} of {every} pictures.",
                count=len(maps),
                every=first.shape[-1],
            )
        )
