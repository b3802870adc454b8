"""How well a finished run reads the test digits, and which of them it takes for others."""

import streamlit as st

from model.errors import InklingError
from model.language import Text, _
from model.runs import registry
from model.runs.records import RunResult, Scores
from model.runs.snapshot import Snapshot
from model.training import promotion
from ui.common import formatting, html
from ui.train import confusion, figures

_CALIBRATED = Text(
    "The loss is below the curve’s: once it had learned, it was made as sure as it is right."
)
_COMPARED = Text(
    "Both read the same images, and a digit that is refused counts as wrong. “Lost” is what only "
    "the one before gets right, “Won” what only this one does. “By chance” is how often an equally "
    "good one loses as many (McNemar’s exact test). It waits for your yes where that is below "
    "{level:.0f} % divided by the number of kinds; what is likelier than that is divided by one "
    "kind less, and so on (Holm’s procedure). None but saved drawings were ever learned from.",
    level=100 * promotion.LEVEL,
)
_PICTURES = 24  # wrongly read digits shown at first


def show(now: Snapshot) -> None:
    """How well a finished run reads the test digits, beside the model that was in use then; and
    whether it took over, and why."""
    verdict(now)
    if result := now.result:
        learned = [0, result.in_use.learned if result.in_use else 0]
        st.html(figures.comparison(_scores(result), learned))
        if now.config.recipe.calibrated:
            st.caption(str(_CALIBRATED))
        if result.promotion:
            with st.expander(_("How it was compared"), key="compared"):
                st.html(figures.verdict(result.promotion))
                st.caption(str(_COMPARED))


def verdict(now: Snapshot) -> None:
    """How well a finished run reads the test digits, and whether it took over."""
    if result := now.result:
        st.html(_verdict(result, registry.in_use().run == now.run))


def mistakes(now: Snapshot) -> None:
    """The test digits that a finished run takes for others, counted and shown."""
    run, wrong, cell = now.run, now.run.wrong, None
    if result := now.result:
        st.header(_("Which digits it takes for which"), anchor=False)
        st.caption(
            _(
                "A row for each digit that was written, a column for what was read. Press a number "
                "of this one’s to see its digits."
            )
        )
        (name, own), *others = _scores(result).items()
        first, *places = st.columns(1 + len(others))
        with first:
            cell = confusion.choose(run, name, own.confusion)
        for place, (name, found) in zip(places, others, strict=True):
            place.html(figures.confusion(name, found.confusion))
    if wrong is not None and len(wrong.images):
        st.header(_("What it still reads wrong"), anchor=False)
        if cell:
            wrong = confusion.of_cell(wrong, cell)
            st.caption(
                _(
                    "Each {label} that it takes for {answer}.",
                    label=cell[0],
                    answer=formatting.with_article(cell[1]),
                )
            )
        else:
            st.caption(
                _("Test digits that it takes for others; those it is surest about come first.")
            )
        pictures, most = st.container(), _PICTURES
        if (count := len(wrong.images)) > _PICTURES and st.toggle(
            _("Show all {count}", count=count), key=f"all-{run.id}"
        ):
            most = count
        pictures.html(figures.wrong_digits(wrong, most))


def _scores(result: RunResult) -> dict[str, Scores]:
    """Those of the run on the test digits, and of the model that was in use when it was done."""
    then = result.in_use
    before = {_("In use before: {model}", model=_model_name(then.run)): then.test} if then else {}
    return {_("This one"): result.test, **before}


def _verdict(result: RunResult, is_used: bool) -> str:
    test, verdict = result.test, result.promotion
    return html.render(
        "train/verdict.html",
        accuracy=test.accuracy,
        right=round(test.n * test.accuracy),
        n=test.n,
        is_kept_back=verdict and not verdict.passed and not is_used,
        sentence=promotion.sentence(verdict, is_used) if verdict else "",
    )


def _model_name(run_id: str | None) -> str:
    """What the model of that run is called, also when the run is gone."""
    try:
        return formatting.model(registry.get(run_id) if run_id else None)
    except InklingError:
        return _("{run}, deleted since", run=run_id)
