"""Training on the saved drawings: the button, how far it is, what came of it."""

import streamlit as st

from model.runs import registry
from model.runs.records import RunResult
from model.runs.run import Run
from model.runs.status import State
from model.training import jobs, promotion, recipes
from ui.common import formatting, html
from ui.train import control, in_use, progress

_INTERVAL = 0.5  # seconds between two looks at a training


def show(count: int, may_retrain: bool, may_manage: bool) -> None:
    """Learn from so many drawings of digits; the training that is on, or the last of its kind."""
    run = _latest_run()
    running = run is not None and run.state == State.RUNNING
    if may_retrain:
        st.button(
            "Train on my drawings",
            key="teach_now",
            type="secondary" if running else "primary",
            icon=":material/school:",
            disabled=not count,
            on_click=control.perform,
            args=(control.start, jobs.start, jobs.Request(recipes.FINE_TUNING.name)),
        )
    control.error()
    if run:
        with st.container(key="lesson"):
            every = _INTERVAL if running else None
            st.fragment(_watch, run_every=every)(run, running, may_retrain, may_manage)


def _latest_run() -> Run | None:
    """The run that learns from drawings, or did so last."""
    every = registry.all_runs()
    return next((run for run in every if run.config.recipe.name == recipes.FINE_TUNING.name), None)


def _watch(run: Run, running: bool, may_retrain: bool, may_manage: bool) -> None:
    """How far it is or what came of it, for as long as it is `running` or not."""
    now = control.follow(run, running)
    progress.show(now, may_retrain)
    if now.result:
        st.html(_result(now.result, registry.in_use().run == run))
        with st.container(key="use", horizontal=True, vertical_alignment="center"):
            if may_manage:
                in_use.use_button(run)
                if registry.in_use().run == run:
                    in_use.back_button()
            st.page_link("pages/runs.py", label="More about it", icon=":material/query_stats:")


def _result(result: RunResult, is_used: bool) -> str:
    """“Your drawings 60 → 95 %, MNIST 99.7 → 99.7 %”, and how that is known."""
    found, test, verdict = result.drawings, result.test, result.promotion
    changes = []
    if found and found.n:
        shares = [formatting.percent(right / found.n, 0) for right in (found.before, found.after)]
        how = (
            f"{found.before:,} of {found.n:,} before, {found.after:,} after: each was read by a "
            "network that had learned from others, but not from this one."
        )
        changes.append(("Your drawings", _change(shares), how))
    before = [result.in_use.test.accuracy] if result.in_use else []
    shares = [formatting.percent(share) for share in (*before, test.accuracy)]
    tested = f"{test.n:,} test digits, to see that nothing was forgotten."
    changes.append((formatting.data(result.tested_on or ""), _change(shares), tested))
    return html.render(
        "drawings/result.html",
        drawings=found.n if found else 0,
        changes=changes,
        is_kept_back=verdict and not verdict.passed and not is_used,
        sentence=promotion.sentence(verdict, is_used) if verdict else "",
    )


def _change(shares: list[str]) -> str:
    """From one share to another: “60 → 95 %”."""
    return " → ".join([*(share.removesuffix(" %") for share in shares[:-1]), shares[-1]])
