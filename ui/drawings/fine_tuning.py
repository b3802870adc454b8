"""Training on a room's drawings: the button, how far it is, what came of it."""

import streamlit as st

from model.data.rooms import Room, Rooms
from model.data.tables import EVERYBODYS
from model.language import _, number
from model.runs import registry
from model.runs.records import RunResult, Verdict
from model.runs.run import Run
from model.runs.status import State
from model.settings import Role
from model.training import jobs, promotion, recipes
from ui.common import drawing_store, formatting, html, permissions, visitor
from ui.common import room as rooms
from ui.train import control, in_use, progress

_INTERVAL = 0.5  # seconds between two looks at a training


def show(room: Room | None, count: int, may_retrain: bool, may_manage: bool) -> None:
    """Learn from so many drawings of digits in a room, which is None for an album that has none
    yet; the training that is on, or the last of its kind."""
    run = _latest_run(room)
    running = run is not None and run.state == State.RUNNING
    if may_retrain and (room is None or _may_teach(room)):
        st.button(
            _words(room),
            key="teach_now",
            type="secondary" if running else "primary",
            icon=":material/school:",
            disabled=not count,
            on_click=control.perform,
            args=(_teach, room.id if room else EVERYBODYS),
        )
    control.error()
    if run and room:
        with st.container(key="lesson"):
            every = _INTERVAL if running else None
            watch = st.fragment(_watch, run_every=every)
            watch(run, room, running, may_retrain and _may_teach(room), may_manage)


def _words(room: Room | None) -> str:
    if room and room.is_class:
        return _("Teach the network")
    if room and room.is_everybodys:
        return _("Train on these drawings")
    return _("Train on my drawings")


def _teach(number: int) -> None:
    """Have a network learn from a room's drawings, for who runs it; from everybody's, for who may
    retrain. What it learns from one room is for that alone. Raises InklingError."""
    permissions.require(Role.TEACHER)
    is_private = number != EVERYBODYS
    if is_private:
        Rooms(drawing_store.store()).kept(number, visitor.current())
    name = recipes.FINE_TUNING.name
    control.start(jobs.start, jobs.Request(name, room=number, is_private=is_private))


def _may_teach(room: Room) -> bool:
    return room.is_everybodys or room.is_run_by(visitor.current())


def _latest_run(room: Room | None) -> Run | None:
    """The run that learns from the room's drawings, or did so last."""
    taught = (
        run
        for run in registry.all_runs()
        if run.config.recipe.name == recipes.FINE_TUNING.name
        and room is not None
        and run.config.room in (room.id, *([None] if room.is_everybodys else []))
    )
    return next(taught, None)


def _watch(run: Run, room: Room, running: bool, may_teach: bool, may_manage: bool) -> None:
    """How far it is or what came of it, for as long as it is `running` or not."""
    now = control.follow(run, running)
    progress.show(now, may_teach)
    if not now.result:
        return
    everywhere = registry.in_use().run == run
    here = Rooms(drawing_store.store()).get(room.id).run == run.id
    st.html(_result(now.result, everywhere, here, room))
    with st.container(key="use", horizontal=True, vertical_alignment="center"):
        if run.config.is_private and may_teach:
            _use_here(run, room, here)
        if may_manage and not room.is_class:
            in_use.use_button(run)
            if registry.in_use().run == run:
                in_use.back_button()
        if not room.is_class:
            more = _("More about it")
            st.page_link("pages/runs.py", label=more, icon=":material/query_stats:")


def _use_here(run: Run, room: Room, is_used: bool) -> None:
    """Have what was taught answer in its room alone, a class' or this visitor's own, or what
    answered before."""
    if is_used:
        where = _("In use in this room") if room.is_class else _("In use for you")
        st.badge(where, icon=":material/check:", color="green")
    use = _("Use it in this room") if room.is_class else _("Use it for me")
    st.button(
        _("Back to the network before") if is_used else use,
        key="use_in_room",
        icon=":material/undo:" if is_used else ":material/check_circle:",
        on_click=control.perform,
        args=(_use, room.id, None if is_used else run.id),
    )


def _use(room: int, run: str | None) -> None:
    Rooms(drawing_store.store()).use(room, run, visitor.current())
    rooms.forget_what_is_known()


def _result(result: RunResult, everywhere: bool, here: bool, room: Room) -> str:
    """“Your drawings 60 → 95 %, MNIST 99.7 → 99.7 %”, and how that is known."""
    found, test, verdict = result.drawings, result.test, result.promotion
    changes = []
    if found and found.n:
        shares = [right / found.n for right in (found.before, found.after)]
        how = _(
            "{before:,} of {n:,} before, {after:,} after: each was read by a "
            "network that had learned from others, but not from this one.",
            before=found.before,
            n=found.n,
            after=found.after,
        )
        whose = _("The class’s drawings") if room.is_class else _("Your drawings")
        whose = _("These drawings") if room.is_everybodys else whose
        changes.append((whose, _change(shares, 0), how))
    before = [result.in_use.test.accuracy] if result.in_use else []
    shares = [*before, test.accuracy]
    tested = _("{n:,} test digits, to see that nothing was forgotten.", n=test.n)
    changes.append((formatting.data(result.tested_on or ""), _change(shares, 2), tested))
    return html.render(
        "drawings/result.html",
        drawings=found.n if found else 0,
        changes=changes,
        is_kept_back=verdict and not verdict.passed and not everywhere and room.is_everybodys,
        sentence=_sentence(verdict, everywhere, here, room),
    )


def _sentence(verdict: Verdict | None, everywhere: bool, here: bool, room: Room) -> str:
    """Where it answers, and why."""
    if room.is_everybodys:
        return promotion.sentence(verdict, everywhere) if verdict else ""
    if everywhere:
        return _("It answers everybody, as who runs this server has it.")
    if not here:
        return ""
    return _("It answers in this room alone.") if room.is_class else _("It answers you alone.")


def _change(shares: list[float], decimals: int) -> str:
    """From one share to another: “60 → 95 %”."""
    numbers = [number(100 * share, f".{decimals}f") for share in shares]
    return _("{number} %", number=" → ".join(numbers))
