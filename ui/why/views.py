"""The Why page's views of one drawing: each says in two lines what it shows."""

import numpy as np
import streamlit as st
from markupsafe import Markup

from model.data.samples import CLASSES, NO_DIGIT_CLASS
from model.explain.counterfactual import counterfactual
from model.explain.integrated_gradients import integrated_gradients
from model.explain.occlusion import Occlusion, occlude, without_each
from model.explain.timeline import timeline
from model.inference.classifier import Classifier
from model.inference.prediction import answers
from model.preprocessing.drawing import Drawing
from model.preprocessing.framing import BOX
from model.preprocessing.strokes import path_pieces
from ui.common import formatting, html, images, state
from ui.draw import answer
from ui.why import cache, components, layers, perturbation, pictures, view

_NEAREST = 5
_NOTHING = 0.001  # of an answer; who drops by less is as sure as before
_MOMENTS = 40  # of the timeline
_CANDIDATES = 6  # digits that a drawing may be changed towards


@st.fragment
def views(drawn: Drawing, reader: Classifier) -> None:
    """The choice of a view, and the one that was chosen."""
    name = st.segmented_control(
        "What to look at",
        list(VIEWS),
        key=state.VIEW.key,
        default=next(iter(VIEWS)),
        required=True,
        persist_state="session",
        bind="query-params",
        label_visibility="collapsed",
        width="stretch",
    )
    with st.container(key="why_shown"):
        VIEWS[name or next(iter(VIEWS))](drawn, reader)


# ---------------------------------------------------------------- what it saw


@view.view
def network_input(drawn: Drawing, reader: Classifier) -> None:
    """From the ink to the 28×28, and the training digits that are most like it."""
    html.lead(
        "Before it reads, Inkling cuts out your ink, shrinks it and puts it in the middle, "
        "always in the same way.",
        "So it does not matter how large you draw, or where.",
    )
    height, width = drawn.fitted.shape
    side = np.zeros((BOX, BOX), np.float32)
    side[(BOX - height) // 2 :, (BOX - width) // 2 :][:height, :width] = drawn.fitted
    st.html(
        pictures.row(
            [
                pictures.figure(pictures.drawn(drawn), "Your ink", "1", "Your ink"),
                pictures.figure(
                    pictures.drawn(drawn, with_box=True), "The box", "2", "The box around it"
                ),
                pictures.figure(
                    images.png(side), "Fitted", "3", f"Fitted: {width} × {height} pixels"
                ),
                pictures.figure(
                    pictures.field(drawn.image),
                    "What the network sees",
                    "4",
                    "Its balance point in the middle of 28 × 28",
                ),
            ],
            "steps",
        )
    )
    st.header("The digits most like it", anchor=False)
    _nearest(drawn, reader)


def _nearest(drawn: Drawing, reader: Classifier) -> None:
    with st.container(key="nearest"):
        task = cache.index(reader)
        if not task.is_done:
            view.wait_for("Looking through the digits it could have learned from…", task)
            return
        index = task.result()
        places = cache.cached(
            "nearest",
            drawn,
            reader,
            lambda: index.nearest(
                cache.feature_extractor(reader).hidden(drawn.image[None])[0], _NEAREST
            ),
        )
        digits = index.examples.digits
        st.html(
            pictures.row(
                [
                    pictures.figure(
                        images.png(digits.images[place]),
                        f"A training digit: {digits.labels[place]}",
                        str(digits.labels[place]),
                    )
                    for place in places
                ],
                "five",
            )
        )
        of_them = view.examples_name(index.examples.spec)
        st.caption(
            f"The nearest of {len(digits):,} {of_them}, as the network sees them: by what its last "
            "layer but one makes of each."
        )


# ---------------------------------------------------------------- which ink mattered


@view.view
def attribution(drawn: Drawing, reader: Classifier) -> None:
    """The ink tinted by what it does for the answer."""
    html.lead(
        "Inkling covers up a bit of your ink and reads again. If it gets less sure, that bit "
        "mattered.",
        "Orange ink speaks for the answer; blue ink speaks against it.",
    )
    found, covered = view.occlusion(drawn, reader)
    shares = cache.cached(
        "gradients",
        drawn,
        reader,
        lambda: integrated_gradients(
            lambda images: reader.gradients(images, found.answer), drawn.image
        ),
    )
    with st.container(key="mattered"):
        st.html(
            pictures.row(
                [
                    pictures.figure(
                        covered,
                        "Your ink, tinted",
                        "Bit by bit",
                        _strongest_part(found),
                    ),
                    pictures.figure(
                        pictures.heat(drawn.image, shares),
                        "The pixels, tinted",
                        "Pixel by pixel",
                        f"Each pixel’s share in {view.the_answer(found.answer)}. Together they are "
                        "all that your drawing has over an empty sheet.",
                    ),
                ],
                "two",
            )
        )
    if len(drawn.strokes) > 1:
        st.header("Without one stroke", anchor=False)
        with st.container(key="strokes"):
            st.html(_strokes(drawn, reader))
    is_none = found.answer == NO_DIGIT_CLASS
    heading = "What would make it a digit?" if is_none else "What would make it another digit?"
    st.header(heading, anchor=False)
    _counterfactual(drawn, reader)


def _strongest_part(found: Occlusion) -> str:
    """What the bit that matters most does to the answer, in words."""
    place = int(found.drops.argmax())
    (without,) = answers(found.probabilities[place, None, :CLASSES])
    if without != found.answer:
        now, before = view.an_answer(int(without)), view.an_answer(found.answer)
        return f"Without the most orange bit it is read as {now}, not as {before}."
    sure = f"sure {view.of_answer(found.answer)}"
    if found.drops[place] < _NOTHING:
        return f"No single bit decides: without any one it is as {sure}."
    less = formatting.probability(float(found.probabilities[place, found.answer]))
    return (
        f"Without the most orange bit it is {less} {sure}, "
        f"with it {formatting.probability(found.probability)}."
    )


def _strokes(drawn: Drawing, reader: Classifier) -> str:
    """The drawing without each of its strokes, and how that would be read."""
    parts = path_pieces(drawn.strokes, 1)
    without = without_each(drawn, parts, range(len(parts)))
    found = occlude(reader, drawn.image, without)
    return pictures.row(
        [
            pictures.figure(
                images.png(image),
                f"Without stroke {number}",
                answer.NAMES[place],
                f"{formatting.probability(float(read[place]))} sure, without stroke {number}",
            )
            for number, (image, read, place) in enumerate(
                zip(
                    found.images,
                    found.probabilities,
                    answers(found.probabilities[:, :CLASSES]),
                    strict=True,
                ),
                start=1,
            )
        ],
        "strokes",
    )


@view.view
def _counterfactual(drawn: Drawing, reader: Classifier) -> None:
    """The smallest change that would make it the digit that a visitor chooses."""
    read = view.probabilities(drawn, reader)
    now = int(answers(read[None])[0])
    likeliest = [int(digit) for digit in np.argsort(-read) if digit != now]
    if state.WANTED_FOR.get() != drawn.digest:
        state.WANTED_FOR.set(drawn.digest)
        state.WANTED_DIGIT.set(likeliest[0])
    st.pills(
        "A digit",
        range(10),
        key=state.WANTED_DIGIT.key,
        required=True,
        persist_state="session",
        bind="query-params",
        label_visibility="collapsed",
    )
    wanted = state.WANTED_DIGIT.get()
    with st.container(key="another"):
        if wanted == now:
            html.lead(f"It is read as a {now} already.")
            return
        task = cache.examples()
        if not task.is_done:
            view.wait_for("Looking for digits to borrow ink from…", task)
            return
        digits = task.result()
        made = cache.cached(
            f"another {wanted}",
            drawn,
            reader,
            lambda: counterfactual(
                reader,
                drawn.image,
                wanted,
                digits.images(digits.like(drawn.image, wanted, _CANDIDATES)),
            ),
        )
        if made is None:
            html.lead(f"This network reads no digit as a {wanted}.")
            return
        sure = formatting.probability(float(made.probabilities[wanted]))
        st.html(
            pictures.row(
                [
                    pictures.figure(
                        pictures.change(drawn.image, made.image),
                        "What to change",
                        "Change this",
                        Markup(
                            '<span class="added">add</span> <span class="gone">take away</span>'
                        ),
                    ),
                    pictures.figure(
                        images.png(made.image),
                        f"Read as {wanted}",
                        f"and it reads a {wanted}, {sure} sure.",
                        f"The ink is borrowed from a {wanted} {_source(digits.spec)} that looks "
                        "like your drawing.",
                    ),
                ],
                "two",
            )
        )


def _source(spec: str) -> str:
    return "in MNIST" if spec == "mnist" else "that Inkling drew"


# ---------------------------------------------------------------- stroke by stroke


@view.view
def drawing_timeline(drawn: Drawing, reader: Classifier) -> None:
    """A slider back through the drawing."""
    html.lead(
        "Pull the slider back and watch your drawing come about, and the ten bars with it.",
        "Somewhere on the way Inkling makes up its mind. Can you find where?",
    )
    if not drawn.strokes:
        st.info("This is a picture: it came all at once. Draw with the pen to see this.")
        return
    found = cache.cached(
        "timeline", drawn, reader, lambda: timeline(reader, drawn.strokes, _MOMENTS)
    )
    components.timeline(drawn, found)


VIEWS: dict[str, view.Show] = {
    "What it saw": network_input,
    "Which ink mattered": attribution,
    "Stroke by stroke": drawing_timeline,
    "Inside the network": layers.activations,
    "Two networks": layers.two_networks,
    "Break it": perturbation.perturb,
}
