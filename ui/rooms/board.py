"""What a class has drawn, large enough for a projector, and moving while they draw."""

import streamlit as st

from model.data.drawings import Choice, SavedDrawing
from model.data.rooms import Room, Rooms, Tally
from model.data.samples import NO_DIGIT
from model.errors import InklingError
from model.language import _
from ui.common import drawing_store, formatting, html
from ui.rooms import invitation

LATEST = 30  # drawings shown
CONFUSIONS = 5

_INTERVAL = 1.0  # seconds


@st.fragment(run_every=_INTERVAL)
def show(room: Room) -> None:
    """The room as it is now."""
    store = drawing_store.store()
    every = Rooms(store)
    try:
        room = every.get(room.id)  # its prompt and its network may have changed
    except InklingError as error:  # it was wiped
        st.info(formatting.plain(error), icon=":material/info:")
        return
    latest = store.some(Choice(seen_by=""), 0, LATEST, room.id)
    st.html(
        html.render(
            "rooms/board.html",
            name=room.name,
            prompt=room.prompt,
            code=invitation.spaced(room),
            picture=invitation.qr(invitation.link(room, "board")),
            **_figures(every.tally(room.id)),
            changes=_changes(every, room),
            latest=[_thumbnail(drawing) for drawing in latest],
        )
    )


def _figures(tally: Tally) -> dict[str, object]:
    hardest = tally.hardest()
    return {
        "people": tally.people,
        "drawings": tally.drawings,
        "right": tally.right,
        "hardest": hardest and (name(hardest[0]), *hardest[1:]),
        "confusions": [
            (name(label), name(answer), n) for label, answer, n in tally.confusions()[:CONFUSIONS]
        ],
    }


def _changes(every: Rooms, room: Room) -> list[tuple[str, float, str]]:
    """How much of what was drawn before the network was taught was read right, and how much of what
    was drawn since; nothing before it was taught."""
    if room.run is None:
        return []
    before = every.tally(room.id, room.run, other=True)
    after = every.tally(room.id, room.run)
    return [
        _share(_("Before it was taught"), before),
        _share(_("Since it was taught"), after),
    ]


def _share(title: str, tally: Tally) -> tuple[str, float, str]:
    share = tally.right / tally.drawings if tally.drawings else 0.0
    counted = _(
        "{right:,} of {drawings} read right",
        right=tally.right,
        drawings=formatting.count(tally.drawings, "drawing"),
    )
    return title, share, counted if tally.drawings else _("nothing drawn yet")


def _thumbnail(drawing: SavedDrawing) -> dict[str, object]:
    return {
        "image": drawing.image,
        "label": name(drawing.label),
        "answer": "" if drawing.answer is None else name(drawing.answer),
        "is_wrong": drawing.is_wrong,
    }


def name(label: int) -> str:
    """What is drawn or answered, as short as it can be."""
    return _("none") if label == NO_DIGIT else str(label)
