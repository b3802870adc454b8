"""The game: six tasks on the sheet, points, a streak, and a link that has others try the same."""

import random
import re
from dataclasses import replace

import streamlit as st

from model.language import _, ngettext, pgettext
from ui.common import html, state
from ui.draw import canvas, tasks
from ui.draw.feedback import Answered
from ui.draw.tasks import Game

PARAMETER = "game"  # of the page's address: the seed, and the points to beat
_SEEDS = 10_000


def resume() -> None:
    """Begin the game of the page's address, once."""
    link = st.query_params.get(PARAMETER, "")
    found = re.fullmatch(r"(\d{1,4})(?:-(\d{1,3}))?", link, re.ASCII)
    if found and state.GAME_LINK.get() != link:
        state.GAME_LINK.set(link)
        state.GAME.set(Game(int(found[1]), int(found[2] or 0)))


def is_on() -> bool:
    return state.GAME.get() is not None


def start_button() -> None:
    st.button(
        pgettext("game", "Play"),
        key="play",
        type="tertiary",
        icon=":material/trophy:",
        on_click=_start,
    )


def headline() -> None:
    """The task, above the sheet."""
    if game := state.GAME.get():
        place = min(len(game.points) + 1, len(tasks.tasks(game.seed)))
        count = len(tasks.tasks(game.seed))
        st.html(html.render("draw/task.html", game=game, place=place, count=count))


def panel(answered: Answered | None) -> None:
    """How far the task is done, and what to do next; at the end the points, to be shared."""
    game: Game | None = state.GAME.get()
    if game is None:
        return
    if (task := game.task) is None:
        _end(game)
        return
    result = task.judge(answered.drawing, answered.predictions) if answered else None
    points = result.points if result else 0
    words = result.words if result else str(task.rule)
    st.html(html.render("draw/game.html", points=points, words=words))
    with st.container(key="game_buttons", horizontal=True):
        label = ngettext("Take {n} point", "Take {n} points", points) if points else _("Not yet")
        st.button(
            label,
            key="game_take",
            type="primary",
            disabled=not points,
            on_click=_next,
            args=(points,),
        )
        st.button(_("Skip"), key="game_skip", on_click=_next, args=(0,))
        st.button(pgettext("game", "Stop"), key="game_stop", type="tertiary", on_click=_stop)


def _end(game: Game) -> None:
    st.html(html.render("draw/game_over.html", game=game, count=len(game.points)))
    address = (st.context.url or "").rstrip("/")
    st.markdown(_("Who opens this link gets the same tasks, and your points to beat:"))
    st.code(f"{address}/?{PARAMETER}={game.seed}-{game.total}", language=None)
    with st.container(key="game_buttons", horizontal=True):
        st.button(_("Play again"), key="game_again", type="primary", on_click=_start)
        st.button(_("Back to drawing"), key="game_stop", on_click=_stop)


def _start() -> None:
    state.GAME.set(Game(random.randrange(_SEEDS)))
    canvas.clear()


def _next(points: int) -> None:
    if game := state.GAME.get():
        state.GAME.set(replace(game, points=(*game.points, points)))
        canvas.clear()


def _stop() -> None:
    state.GAME.set(None)
    canvas.clear()
