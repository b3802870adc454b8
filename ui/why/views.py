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
from model.language import LANGUAGES, _, marked, spoken
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
    followed = _follow_link()
    name = st.segmented_control(
        _("What to look at"),
        list(VIEWS),
        format_func=_,
        key=state.VIEW.key,
        default=None if followed else next(iter(VIEWS)),
        required=True,
        persist_state="session",
        bind="query-params",
        label_visibility="collapsed",
        width="stretch",
    )
    with st.container(key="why_shown"):
        VIEWS[name or next(iter(VIEWS))](drawn, reader)


def _follow_link() -> bool:
    """Show what a link names in another language than this visitor's, as the address of a view has
    what it is called; whether it did."""
    given = st.query_params.get(state.VIEW.key)
    if not given or given in map(_, VIEWS):
        return False
    for tongue in LANGUAGES:
        with spoken(tongue):
            called = {_(name): name for name in VIEWS}
        if given in called:
            state.VIEW.set(called[given])
            return True
    return False


# ---------------------------------------------------------------- what it saw


@view.view
def network_input(drawn: Drawing, reader: Classifier) -> None:
    """From the ink to the 28×28, and the training digits that are most like it."""
    html.lead(
        _(
            "Before it reads, Inkling cuts out your ink, shrinks it and puts it in the middle, "
            "always in the same way."
        ),
        _("So it does not matter how large you draw, or where."),
    )
    height, width = drawn.fitted.shape
    side = np.zeros((BOX, BOX), np.float32)
    side[(BOX - height) // 2 :, (BOX - width) // 2 :][:height, :width] = drawn.fitted
    st.html(
        pictures.row(
            [
                pictures.figure(pictures.drawn(drawn), _("Your ink"), "1", _("Your ink")),
                pictures.figure(
                    pictures.drawn(drawn, with_box=True), _("The box"), "2", _("The box around it")
                ),
                pictures.figure(
                    images.png(side),
                    _("Fitted"),
                    "3",
                    _("Fitted: {width} × {height} pixels", width=width, height=height),
                ),
                pictures.figure(
                    pictures.field(drawn.image),
                    _("What the network sees"),
                    "4",
                    _("Its balance point in the middle of 28 × 28"),
                ),
            ],
            "steps",
        )
    )
    st.header(_("The digits most like it"), anchor=False)
    _nearest(drawn, reader)


def _nearest(drawn: Drawing, reader: Classifier) -> None:
    with st.container(key="nearest"):
        task = cache.index(reader)
        if not task.is_done:
            view.wait_for(_("Looking through the digits it could have learned from…"), task)
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
                        _("A training digit: {label}", label=digits.labels[place]),
                        str(digits.labels[place]),
                    )
                    for place in places
                ],
                "five",
            )
        )
        of_them = view.examples_name(index.examples.spec)
        st.caption(
            _(
                "The nearest of {count:,} {of_them}, as the network sees them: by what its last "
                "layer but one makes of each.",
                count=len(digits),
                of_them=of_them,
            )
        )


# ---------------------------------------------------------------- which ink mattered


@view.view
def attribution(drawn: Drawing, reader: Classifier) -> None:
    """The ink tinted by what it does for the answer."""
    html.lead(
        _(
            "Inkling covers up a bit of your ink and reads again. If it gets less sure, that bit "
            "mattered."
        ),
        _("Orange ink speaks for the answer; blue ink speaks against it."),
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
                        _("Your ink, tinted"),
                        _("Bit by bit"),
                        _strongest_part(found),
                    ),
                    pictures.figure(
                        pictures.heat(drawn.image, shares),
                        _("The pixels, tinted"),
                        _("Pixel by pixel"),
                        _(
                            "Each pixel’s share in {answer}. Together they are "
                            "all that your drawing has over an empty sheet.",
                            answer=view.the_answer(found.answer),
                        ),
                    ),
                ],
                "two",
            )
        )
    if len(drawn.strokes) > 1:
        st.header(_("Without one stroke"), anchor=False)
        with st.container(key="strokes"):
            st.html(_strokes(drawn, reader))
    is_none = found.answer == NO_DIGIT_CLASS
    heading = (
        _("What would make it a digit?") if is_none else _("What would make it another digit?")
    )
    st.header(heading, anchor=False)
    _counterfactual(drawn, reader)


def _strongest_part(found: Occlusion) -> str:
    """What the bit that matters most does to the answer, in words."""
    place = int(found.drops.argmax())
    (without,) = answers(found.probabilities[place, None, :CLASSES])
    if without != found.answer:
        now, before = view.an_answer(int(without)), view.an_answer(found.answer)
        return _(
            "Without the most orange bit it is read as {now}, not as {before}.",
            now=now,
            before=before,
        )
    of_it = view.of_answer(found.answer)
    if found.drops[place] < _NOTHING:
        return _("No single bit decides: without any one it is as sure {of_it}.", of_it=of_it)
    less = formatting.probability(float(found.probabilities[place, found.answer]))
    return _(
        "Without the most orange bit it is {less} sure {of_it}, with it {more}.",
        less=less,
        of_it=of_it,
        more=formatting.probability(found.probability),
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
                _("Without stroke {number}", number=number),
                _(answer.NAMES[place]),
                _(
                    "{share} sure, without stroke {number}",
                    share=formatting.probability(float(read[place])),
                    number=number,
                ),
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
        _("A digit"),
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
            html.lead(_("It is read as a {digit} already.", digit=now))
            return
        task = cache.examples()
        if not task.is_done:
            view.wait_for(_("Looking for digits to borrow ink from…"), task)
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
            html.lead(_("This network reads no digit as a {wanted}.", wanted=wanted))
            return
        sure = formatting.probability(float(made.probabilities[wanted]))
        st.html(
            pictures.row(
                [
                    pictures.figure(
                        pictures.change(drawn.image, made.image),
                        _("What to change"),
                        _("Change this"),
                        Markup('<span class="added">{}</span> <span class="gone">{}</span>').format(
                            _("add"), _("take away")
                        ),
                    ),
                    pictures.figure(
                        images.png(made.image),
                        _("Read as {wanted}", wanted=wanted),
                        _("and it reads a {wanted}, {sure} sure.", wanted=wanted, sure=sure),
                        _(
                            "The ink is borrowed from a {wanted} {source} that looks "
                            "like your drawing.",
                            wanted=wanted,
                            source=_source(digits.spec),
                        ),
                    ),
                ],
                "two",
            )
        )


def _source(spec: str) -> str:
    return _("in MNIST") if spec == "mnist" else _("that Inkling drew")


# ---------------------------------------------------------------- stroke by stroke


@view.view
def drawing_timeline(drawn: Drawing, reader: Classifier) -> None:
    """A slider back through the drawing."""
    html.lead(
        _("Pull the slider back and watch your drawing come about, and the ten bars with it."),
        _("Somewhere on the way Inkling makes up its mind. Can you find where?"),
    )
    if not drawn.strokes:
        st.info(_("This is a picture: it came all at once. Draw with the pen to see this."))
        return
    found = cache.cached(
        "timeline", drawn, reader, lambda: timeline(reader, drawn.strokes, _MOMENTS)
    )
    components.timeline(drawn, found)


VIEWS: dict[str, view.Show] = {
    marked("What it saw"): network_input,
    marked("Which ink mattered"): attribution,
    marked("Stroke by stroke"): drawing_timeline,
    marked("Inside the network"): layers.activations,
    marked("Two networks"): layers.two_networks,
    marked("Break it"): perturbation.perturb,
}
