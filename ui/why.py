"""The Why page's views of one drawing: each says in two lines what it shows."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from model import distort, drawing, explain
from model.classifier import Classifier
from model.distort import DISTORTIONS, Distortion
from model.drawing import Drawing
from model.errors import InklingError
from model.explain import Occlusion
from model.layers import Layer, Opened, picture
from model.preprocess import BOX, Image
from ui import answer, figures, ink, live, workings

Show = Callable[[Drawing, Classifier], None]

_NEAREST = 5
_PIECES = 14  # of the pen's path; shorter ones hardly change the answer
_MOMENTS = 40  # of the timeline
_EXCITING = 8  # digits that excite a part of a network the most
_INPUTS = 12  # filters shown of a map that is made of many
_CANDIDATES = 6  # digits that a drawing may be changed towards
_OFTEN = 0.5  # seconds between two looks whether something is ready

_KINDS = {
    "Conv2D": "looks for shapes",
    "MaxPooling2D": "keeps the strongest",
    "ReLU": "drops what is below zero",
    "Dense": "weighs all of it",
}
_DISTORTED = {
    "shift": ("Shift", "%d px"),
    "turn": ("Turn", "%d°"),
    "size": ("Size", "%d %%"),
    "thickness": ("Thickness", "%+.1f px"),
    "specks": ("Specks", "%d %%"),
}


def views(drawn: Drawing, reader: Classifier) -> None:
    """The choice of a view, and the one that was chosen."""
    name = st.segmented_control(
        "What to look at",
        list(VIEWS),
        key="why_view",
        default=next(iter(VIEWS)),
        required=True,
        persist_state="session",
        label_visibility="collapsed",
        width="stretch",
    )
    with st.container(key="why_shown"):
        try:
            VIEWS[name or next(iter(VIEWS))](drawn, reader)
        except InklingError as error:
            st.error(str(error), icon=":material/error:")


def _says(first: str, second: str) -> None:
    st.html(f'<p class="lead">{first}<br>{second}</p>')


# ---------------------------------------------------------------- what it saw


def what_it_saw(drawn: Drawing, reader: Classifier) -> None:
    """From the ink to the 28×28, and the training digits that are most like it."""
    _says(
        "Before it reads, Inkling cuts out your ink, shrinks it and puts it in the middle, "
        "always in the same way.",
        "So it does not matter how large you draw, or where.",
    )
    height, width = drawn.fitted.shape
    side = np.zeros((BOX, BOX), np.float32)
    side[(BOX - height) // 2 :, (BOX - width) // 2 :][:height, :width] = drawn.fitted
    st.html(
        ink.row(
            [
                ink.figure(ink.drawn(drawn), "Your ink", "<b>1</b> Your ink"),
                ink.figure(
                    ink.drawn(drawn, with_box=True), "The box", "<b>2</b> The box around it"
                ),
                ink.figure(ink.grey(side), "Fitted", f"<b>3</b> Fitted: {width} × {height} pixels"),
                ink.figure(
                    ink.field(drawn.image),
                    "What the network sees",
                    "<b>4</b> Its balance point in the middle of 28 × 28",
                ),
            ],
            "steps",
        )
    )
    st.subheader("The digits most like it", anchor=False)
    _nearest(drawn, reader)


def _nearest(drawn: Drawing, reader: Classifier) -> None:
    with st.container(key="nearest"):
        task = workings.index(reader)
        if not task.is_done:
            _wait("Looking through the digits it could have learned from…", lambda: task.is_done)
            return
        index = task.result()
        places = workings.kept(
            "nearest",
            drawn,
            reader,
            lambda: index.nearest(workings.opened(reader).hidden(drawn.image[None])[0], _NEAREST),
        )
        digits = index.examples.digits
        st.html(
            ink.row(
                [
                    ink.figure(
                        figures.png(digits.images[place]),
                        f"A training digit: {digits.labels[place]}",
                        f"<b>{digits.labels[place]}</b>",
                    )
                    for place in places
                ],
                "five",
            )
        )
        st.caption(
            f"The nearest of {len(digits):,} {_whose(index.examples.spec)}, as the network sees "
            "them: by what its last layer but one makes of each."
        )


def _whose(spec: str) -> str:
    return "of MNIST’s training digits" if spec == "mnist" else "digits that Inkling drew itself"


def _wait(words: str, is_ready: Callable[[], bool]) -> None:
    """Say what is awaited, and show the page anew when it is there."""

    @st.fragment(run_every=_OFTEN)
    def look() -> None:
        if is_ready():
            st.rerun()
        st.html(f'<p class="lead">{words}</p>')

    look()


# ---------------------------------------------------------------- which ink mattered


def which_ink(drawn: Drawing, reader: Classifier) -> None:
    """The ink tinted by what it does for the answer."""
    _says(
        "Inkling covers up a bit of your ink and reads again. If it gets less sure, that bit "
        "mattered.",
        "Orange ink speaks for the answer; blue ink speaks against it.",
    )
    left_out = workings.kept("occlusion", drawn, reader, lambda: _occlusion(drawn, reader))
    found, covered = left_out
    shares = workings.kept(
        "gradients",
        drawn,
        reader,
        lambda: explain.integrated_gradients(
            explain.probability_of(reader.network, found.digit), drawn.image
        ),
    )
    with st.container(key="mattered"):
        st.html(
            ink.row(
                [
                    ink.figure(
                        covered,
                        "Your ink, tinted",
                        f"<b>Bit by bit</b> {_heaviest(found)}",
                    ),
                    ink.figure(
                        ink.heat(drawn.image, shares),
                        "The pixels, tinted",
                        f"<b>Pixel by pixel</b> Each pixel’s share in the {found.digit}; together "
                        f"they make up {_points(float(shares.sum()))} of it.",
                    ),
                ],
                "two",
            )
        )
    if len(drawn.strokes) > 1:
        st.subheader("Without one stroke", anchor=False)
        with st.container(key="strokes"):
            st.html(_strokes(drawn, reader))
    st.subheader("What would make it another digit?", anchor=False)
    _another(drawn, reader)


def _occlusion(drawn: Drawing, reader: Classifier) -> tuple[Occlusion, str]:
    """How the answer changes without each bit of the ink, and the ink tinted by it."""
    if drawn.strokes:
        parts = drawing.pieces(drawn.strokes, _PIECES)
        images = explain.without_each(drawn, parts, range(len(parts)))
        found = explain.occlude(reader, drawn.image, images)
        return found, ink.tinted(drawn, [part.points for part in parts], found.weights)
    squares = explain.patches(drawn.image)
    images = np.where(squares, np.float32(0), drawn.image)
    found = explain.occlude(reader, drawn.image, images)
    weights = explain.by_pixel(found.weights, squares) * (drawn.image > 0)
    return found, ink.heat(drawn.image, weights)


def _heaviest(found: Occlusion) -> str:
    """What the bit that matters most does to the answer, in words."""
    place = int(found.drops.argmax())
    read = found.probabilities[place]
    without = answer.percent(float(read[found.digit]))
    if read.argmax() != found.digit:
        return f"Without the most orange bit it reads a {read.argmax()}, not a {found.digit}."
    return (
        f"Without the most orange bit it is {without} sure of the {found.digit}, "
        f"with it {answer.percent(found.probability)}."
    )


def _points(share: float) -> str:
    return f"{100 * share:.0f} %"


def _strokes(drawn: Drawing, reader: Classifier) -> str:
    """The drawing without each of its strokes, and how that would be read."""
    parts = drawing.pieces(drawn.strokes, 1)
    images = explain.without_each(drawn, parts, range(len(parts)))
    found = explain.occlude(reader, drawn.image, images)
    return ink.row(
        [
            ink.figure(
                ink.grey(image),
                f"Without stroke {number}",
                f"<b>{read.argmax()}</b> {answer.percent(float(read.max()))} sure, "
                f"without stroke {number}",
            )
            for number, (image, read) in enumerate(
                zip(found.images, found.probabilities, strict=True), start=1
            )
        ],
        "five",
    )


@st.fragment
def _another(drawn: Drawing, reader: Classifier) -> None:
    """The smallest change that would make it the digit that a visitor chooses."""
    read = workings.kept("read", drawn, reader, lambda: _read(drawn.image, reader))
    now, second = (int(digit) for digit in np.argsort(read)[:-3:-1])
    wanted = st.pills("A digit", range(10), key="why_digit", label_visibility="collapsed")
    wanted = second if wanted is None else wanted
    with st.container(key="another"):
        if wanted == now:
            st.html(f'<p class="lead">It is read as a {now} already.</p>')
            return
        task = workings.some_digits()
        if not task.is_done:
            _wait("Looking for digits to borrow ink from…", lambda: task.is_done)
            return
        digits = task.result()
        made = workings.kept(
            f"another {wanted}",
            drawn,
            reader,
            lambda: explain.counterfactual(
                reader,
                drawn.image,
                wanted,
                digits.images(digits.like(drawn.image, wanted, _CANDIDATES)),
            ),
        )
        if made is None:
            st.html(f'<p class="lead">This network reads no digit as a {wanted}.</p>')
            return
        sure = answer.percent(float(made.probabilities[wanted]))
        st.html(
            ink.row(
                [
                    ink.figure(
                        ink.change(drawn.image, made.image),
                        "What to change",
                        '<b>Change this</b> <span class="added">add</span> '
                        '<span class="gone">take away</span>',
                    ),
                    ink.figure(
                        ink.grey(made.image),
                        f"Read as {wanted}",
                        f"<b>and it reads a {wanted}</b>, {sure} sure. The ink is borrowed from a "
                        f"{wanted} {_from(digits.spec)} that looks like your drawing.",
                    ),
                ],
                "two",
            )
        )


def _from(spec: str) -> str:
    return "in MNIST" if spec == "mnist" else "that Inkling drew"


def _read(image: Image, reader: Classifier) -> answer.Probabilities:
    return reader.probabilities(image[None])[0]


# ---------------------------------------------------------------- stroke by stroke


def stroke_by_stroke(drawn: Drawing, reader: Classifier) -> None:
    """A slider back through the drawing."""
    _says(
        "Pull the slider back and watch your drawing come about, and the ten bars with it.",
        "Somewhere on the way Inkling makes up its mind. Can you find where?",
    )
    if not drawn.strokes:
        st.info("This is a picture: it came all at once. Draw with the pen to see this.")
        return
    found = workings.kept(
        "timeline", drawn, reader, lambda: explain.timeline(reader, drawn.strokes, _MOMENTS)
    )
    live.timeline(drawn, found)


# ---------------------------------------------------------------- the network opened


def inside(drawn: Drawing, reader: Classifier) -> None:
    """What each layer makes of the drawing, and what each part of it responds to."""
    _says(
        "The network looks at your drawing in layers: each picture below is one thing that it "
        "looks for. Bright means: found here.",
        "Press one to see which ink it answers to, and which digits excite it most.",
    )
    opened = workings.opened(reader)
    activations = workings.kept(
        "activations", drawn, reader, lambda: opened.activations(drawn.image[None])
    )
    place = st.selectbox(
        "Layer",
        range(len(opened.layers)),
        format_func=lambda place: _layer(place, opened.layers[place]),
        key="why_layer",
        persist_state="session",
    )
    values = activations[place][0]
    peaks = values.max(axis=(0, 1))
    layer = opened.layers[place]
    if layer.height > 1:
        pictures = [figures.png(picture(values[..., i])) for i in range(layer.count)]
    else:
        low, high = float(peaks.min()), float(peaks.max())
        pictures = [f"{(peak - low) / max(high - low, 1e-9):.3f}" for peak in peaks]
    channel = live.maps(
        f"maps-{place}",
        f"{drawn.digest}-{id(reader)}-{place}",
        pictures,
        "Picture" if layer.height > 1 else "Number",
        "pictures" if layer.height > 1 else "numbers",
        int(peaks.argmax()),
    )
    with st.container(key="responds"):
        _responds(drawn, reader, opened, place, channel)


def _layer(place: int, layer: Layer) -> str:
    size = f"{layer.count} pictures of {layer.width} × {layer.height}"
    what = size if layer.height > 1 else f"{layer.count} numbers"
    kind = _KINDS.get(layer.kind, layer.kind)
    return f"{place + 1} · {kind} · {what}"


def _responds(drawn: Drawing, reader: Classifier, opened: Opened, place: int, channel: int) -> None:
    """Where on the drawing one part of a layer responds, its filter, the digits it likes best."""
    shares = workings.kept(
        f"unit {place} {channel}",
        drawn,
        reader,
        lambda: explain.integrated_gradients(opened.score(place, channel), drawn.image),
    )
    shown = [
        ink.figure(
            ink.heat(drawn.image, shares),
            "Where it responds",
            f"<b>No. {channel + 1} on your drawing</b> Orange ink excites it, blue ink calms it.",
        )
    ]
    kernels = opened.kernels(place, channel)
    if kernels is not None:
        strongest = np.argsort(-np.abs(kernels).sum(axis=(1, 2)))[:_INPUTS]
        shown.append(_filters(kernels[strongest], len(kernels)))
    st.html(ink.row(shown, "two"))
    task = workings.index(reader)
    if not task.is_done:
        _wait("Looking for the digits that excite it most…", lambda: task.is_done)
        return
    index = task.result()
    exciting = index.exciting(place, channel, _EXCITING)
    if not len(exciting):
        st.caption("No digit excites it at all: it has nothing to do.")
        return
    digits = index.examples.digits
    st.html(
        ink.row(
            [
                ink.figure(figures.png(digits.images[n]), f"A digit it likes: {digits.labels[n]}")
                for n in exciting
            ],
            "eight",
        )
    )
    st.caption(
        f"Of {len(index.peaks[place]):,} {_whose(index.examples.spec)}, these excite it most."
    )


def _filters(kernels: explain.Images, count: int) -> str:
    """The weights of a map: bright where it wants ink, dark where it wants none."""
    pictures = "".join(
        f'<img src="{figures.png(picture(kernel))}" alt="A filter">' for kernel in kernels
    )
    of = "" if count == 1 else f", the {len(kernels)} strongest of {count}"
    several = "Its filter" if count == 1 else "Its filters"
    return (
        f'<figure class="filters"><div>{pictures}</div><figcaption><b>{several}</b>{of}: bright '
        "where it wants to see something, dark where it wants nothing.</figcaption></figure>"
    )


# ---------------------------------------------------------------- two networks


def two_networks(drawn: Drawing, reader: Classifier) -> None:
    """Two networks on the same drawing, side by side."""
    _says(
        "Two networks look at the same drawing. They learned from different digits, or for a "
        "longer time.",
        "Where they disagree, compare which ink each of them goes by.",
    )
    found = workings.networks()
    if len(found) == 1:
        st.html('<p class="lead">There is only one network on this server so far.</p>')
        st.page_link("pages/train.py", label="Train another", icon=":material/model_training:")
    for number, column in enumerate(st.columns(2, gap="large")[: len(found)]):
        with column:
            _one_of_two(drawn, reader, list(found), number)


def _one_of_two(drawn: Drawing, reader: Classifier, names: list[str], number: int) -> None:
    name = st.selectbox("Network", names, index=number, key=f"why_network-{number}")
    with st.container(key=f"network-{number}"):
        try:
            chosen = workings.load(workings.networks()[name])
        except InklingError as error:
            st.error(str(error), icon=":material/error:")
            return
        read = workings.kept("read", drawn, chosen, lambda: _read(drawn.image, chosen))
        _, covered = workings.kept("occlusion", drawn, chosen, lambda: _occlusion(drawn, chosen))
        st.html(answer.read(read))
        opened = workings.opened(chosen)
        first = workings.kept(
            "activations", drawn, chosen, lambda: opened.activations(drawn.image[None])
        )[0][0]
        strongest = np.argsort(-first.max(axis=(0, 1)))[:_EXCITING]
        maps = [ink.figure(figures.png(picture(first[..., n])), "A picture") for n in strongest]
        st.html(
            ink.row([ink.figure(covered, "The ink it goes by", "<b>The ink it goes by</b>")], "one")
        )
        st.html(ink.row(maps, "eight"))
        st.caption(f"What its first layer finds, {len(maps)} of {first.shape[-1]} pictures.")


# ---------------------------------------------------------------- break it


def break_it(drawn: Drawing, reader: Classifier) -> None:
    """The drawing distorted by five sliders, and the confidence over the range of each."""
    _says(
        "Inkling straightens nothing here: move the sliders and spoil what the network sees.",
        "Each bar tells how sure it would stay with that slider there. How far can you go?",
    )
    left, right = st.columns([2, 3], gap="large")
    with right:
        places = {name: _slider(name, DISTORTIONS[name]) for name in DISTORTIONS}
    settings = {name: value for name, (value, _) in places.items()}
    found = workings.kept(
        f"broken {settings}",
        drawn,
        reader,
        lambda: distort.sweep(reader, drawn.image, settings),
    )
    digit = int(workings.kept("read", drawn, reader, lambda: _read(drawn.image, reader)).argmax())
    for name, (value, place) in places.items():
        place.html(_swept(DISTORTIONS[name], found.ranges[name], value, digit))
    with left, st.container(key="broken"):
        st.html(ink.row([ink.figure(ink.grey(found.image), "The spoiled drawing")], "one"))
        st.html(answer.read(found.probabilities))
        st.button("Undo all", key="why_undo", icon=":material/undo:", on_click=_mend)


def _slider(name: str, distortion: Distortion) -> tuple[float, st.delta_generator.DeltaGenerator]:
    """A slider, and the place beneath it."""
    label, form = _DISTORTED[name]
    whole = float(distortion.step).is_integer()
    low, high, step, none = (
        int(number) if whole else float(number)
        for number in (distortion.low, distortion.high, distortion.step, distortion.none)
    )
    with st.container(key=f"sweep-{name}"):
        value = st.slider(
            label, low, high, none, step, format=form, key=f"why_{name}", persist_state="session"
        )
        return float(value), st.empty()


def _swept(distortion: Distortion, read: explain.Images, now: float, digit: int) -> str:
    """A bar for each of the slider's values: how sure it is of the digit that it was."""
    bars = []
    for value, probabilities in zip(distortion.values, read, strict=True):
        best = int(probabilities.argmax())
        kinds = [*(["now"] if value == now else []), *(["other"] if best != digit else [])]
        words = f"{value:g}: {digit} {answer.percent(float(probabilities[digit]))}"
        words += f", reads {best}" if best != digit else ""
        bars.append(
            f'<li class="{" ".join(kinds)}" style="--p:{probabilities[digit]:.4f}" '
            f'title="{words}" aria-label="{words}"><i></i></li>'
        )
    return f'<ol class="sweep">{"".join(bars)}</ol>'


def _mend() -> None:
    for name, distortion in DISTORTIONS.items():
        whole = float(distortion.step).is_integer()
        st.session_state[f"why_{name}"] = int(distortion.none) if whole else distortion.none


VIEWS: dict[str, Show] = {
    "What it saw": st.fragment(what_it_saw),
    "Which ink mattered": st.fragment(which_ink),
    "Stroke by stroke": st.fragment(stroke_by_stroke),
    "Inside the network": st.fragment(inside),
    "Two networks": st.fragment(two_networks),
    "Break it": st.fragment(break_it),
}
