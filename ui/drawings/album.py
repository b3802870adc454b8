"""The saved drawings of a room on their page: some at a time, to relabel and delete; what was
deleted; files of them. Whether this visitor may, the database says at every action."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from model.data import drawings
from model.data.drawings import Choice, SavedDrawing
from model.data.rooms import Room, Rooms
from model.data.samples import CLASSES, NO_DIGIT
from model.data.visitors import Visitor
from model.language import Text, _
from ui.common import actions, drawing_store, formatting, html, limits, permissions, state, visitor
from ui.common.dialog import dialog
from ui.common.limits import Kind
from ui.common.room import make_own
from ui.common.state import Widget

PAGE = 24  # drawings shown at once

OWN = 0  # the number of an album of one's own that has nothing in it yet

_LABELS = [*range(CLASSES), NO_DIGIT]
_LARGEST = 100  # MB of an upload


def message() -> None:
    """What came of what was asked for last."""
    actions.show(state.ALBUM_ERROR)
    if sentence := state.ALBUM_SUCCESS.get():
        st.success(formatting.plain(sentence), icon=":material/check:")


def _perform(action: Callable[..., object], *arguments: object) -> None:
    state.ALBUM_SUCCESS.set("")
    actions.perform(state.ALBUM_ERROR, action, *arguments)


# ---------------------------------------------------------------- which room's


def choice(rooms: Sequence[Room | None], default: Room | None) -> Room | None:
    """The room whose drawings are looked at; None is an album of one's own without a drawing."""
    by_number = {room.id if room else OWN: room for room in rooms}
    if len(by_number) == 1:
        return rooms[0]
    names = {number: room.name if room else _("Mine") for number, room in by_number.items()}
    chosen = st.segmented_control(
        _("Whose"),
        list(by_number),
        format_func=names.__getitem__,
        default=default.id if default else OWN,
        required=True,
        key=state.ALBUM_ROOM["-".join(map(str, by_number))].key,
        on_change=_go_to,
        args=(0,),
        label_visibility="collapsed",
    )
    return by_number.get(chosen, default)


def label_name(label: int) -> str:
    return _("not a digit") if label == NO_DIGIT else str(label)


# ---------------------------------------------------------------- some of them


def filters(counts: Mapping[int, int], wrong: Mapping[int, int], seen_by: str | None) -> Choice:
    """Which drawings to show: all or those with one label, right or wrong ones."""
    label = st.segmented_control(
        _("What they are"),
        [label for label in _LABELS if label in counts],
        format_func=label_name,
        key="label",
        on_change=_go_to,
        args=(0,),
    )
    only_wrong = st.toggle(
        _("Only what was read wrong ({count:,})", count=sum(wrong.values())),
        key="wrong",
        on_change=_go_to,
        args=(0,),
    )
    return Choice(label if label in counts else None, only_wrong, seen_by)


def show(room: Room, chosen: Choice, count: int, me: Visitor) -> None:
    """One page of the room's drawings that were chosen, of which there are `count`."""
    pages = max(1, -(-count // PAGE))
    page = min(state.ALBUM_PAGE.get(), pages - 1)
    with st.container(key="album", horizontal=True):
        for drawing in drawing_store.store().some(chosen, page * PAGE, PAGE, room.id):
            _drawing(drawing, room.is_run_by(me) or drawing.owner == me.id)
    if pages > 1:
        with st.container(key="pager", horizontal=True, vertical_alignment="center"):
            _page_button("newer", _("Newer"), ":material/chevron_left:", page - 1, page > 0)
            st.markdown(_("{page:,} of {pages:,}", page=page + 1, pages=pages))
            _page_button(
                "older", _("Older"), ":material/chevron_right:", page + 1, page < pages - 1
            )


def _page_button(key: str, title: str, icon: str, page: int, there_is: bool) -> None:
    st.button(title, key=key, icon=icon, disabled=not there_is, on_click=_go_to, args=(page,))


def _go_to(page: int) -> None:
    state.ALBUM_PAGE.set(page)


def _drawing(drawing: SavedDrawing, may_change: bool) -> None:
    """A drawing, what it is, what was answered; and the means to change that."""
    mark = "wrong" if drawing.is_wrong else "right"
    with st.container(key=f"{mark}-drawing-{drawing.id}", width=132):
        st.html(_picture(drawing, labelled=not may_change))
        if not may_change:
            return
        # A label that somebody else changes makes another widget, which shows that.
        chosen = state.DRAWING_LABEL[f"{drawing.id}-{drawing.label}"]
        with st.container(key=f"change-{drawing.id}", horizontal=True, gap=None):
            st.selectbox(
                _("What drawing {id} is", id=drawing.id),
                _LABELS,
                _LABELS.index(drawing.label),
                format_func=lambda label: _("none") if label == NO_DIGIT else str(label),
                key=chosen.key,
                label_visibility="collapsed",
                on_change=lambda: _perform(_relabel, drawing.id, chosen),
            )
            st.button(
                _("Delete drawing {id}", id=drawing.id),  # said, not shown
                key=f"delete-{drawing.id}",
                icon=":material/delete:",
                type="tertiary",
                on_click=lambda: _perform(_delete, drawing.id),
            )


def _picture(drawing: SavedDrawing, labelled: bool) -> str:
    """The drawing and what was answered; what it is, where no list beneath says so."""
    when = formatting.moment(drawing.saved, st.context.timezone) if drawing.saved else ""
    if not drawing.approved:
        read = _("waits for an approval")
    elif drawing.answer is None:
        read = _("from a file")
    else:
        answer = _("none") if drawing.answer == NO_DIGIT else drawing.answer
        read = _("read as {answer}", answer=answer)
    return html.render(
        "drawings/drawing.html",
        id=drawing.id,
        image=drawing.image,
        label=label_name(drawing.label),
        labelled=labelled,
        answer=read,
        saved=when,
    )


def _relabel(drawing: int, chosen: Widget[int]) -> None:
    label = chosen.one_of(_LABELS)
    if label is not None:
        drawing_store.store().relabel(drawing, label, visitor.current())


def _delete(drawing: int) -> None:
    drawing_store.store().delete([drawing], visitor.current())


# ---------------------------------------------------------------- what was deleted


def deleted(room: Room, me: Visitor) -> None:
    """What can be put back for a day."""
    gone = drawing_store.store().deleted(me, room.id)
    if not gone:
        return
    with st.expander(_("Deleted, kept for a day ({count:,})", count=len(gone)), key="deleted"):
        with st.container(horizontal=True):
            for drawing in gone[:PAGE]:
                with st.container(key=f"deleted-drawing-{drawing.id}", width=132):
                    st.html(_picture(drawing, labelled=True))
                    _put_back_button(f"put-back-{drawing.id}", _("Put back"), [drawing.id])
        with st.container(horizontal=True):
            _put_back_button("put_back_all", _("Put all back"), [one.id for one in gone])
            st.button(
                _("Erase now, for good"),
                key="erase_deleted",
                icon=":material/delete_forever:",
                on_click=lambda: _perform(_erase, room.id),
            )


def _put_back_button(key: str, words: str, drawings: Sequence[int]) -> None:
    st.button(
        words,
        key=key,
        icon=":material/undo:",
        on_click=lambda: _perform(_put_back, drawings),
    )


def _put_back(drawings: Sequence[int]) -> None:
    drawing_store.store().put_back(drawings, visitor.current())


def _erase(room: int) -> None:
    drawing_store.store().erase(visitor.current(), room)


# ---------------------------------------------------------------- all of them


def files(room: Room | None, counts: Mapping[int, int], may_change: bool) -> None:
    """Take them along, bring some, delete all."""
    number = room.id if room else OWN
    with st.container(key="files", horizontal=True, vertical_alignment="center"):
        _download(
            "csv", _("Pictures (CSV)"), "drawings.csv", "text/csv", drawings.to_csv, number, counts
        )
        _download(
            "npz",
            _("Pen strokes (.npz)"),
            "strokes.npz",
            "application/zip",
            drawings.to_npz,
            number,
            counts,
        )
        if may_change and counts:
            st.button(
                _("Delete all"),
                key="delete_all",
                icon=":material/delete_forever:",
                on_click=_confirm_delete,
                args=(number, sum(counts.values())),
            )
    st.caption(
        _(
            "The CSV is Kaggle’s train.csv: a label and 784 pixels a row. The .npz has the pen’s "
            "path of what was drawn here, and no pictures."
        )
    )
    if may_change:
        upload = state.DRAWING_FILE[state.DRAWING_FILES.get()]
        with st.container(key="bring"):
            st.file_uploader(
                _("Bring drawings: either file from here, or any with digits and labels"),
                ["csv", "npz", "gz"],
                key=upload.key,
                max_upload_size=_LARGEST,
                on_change=_perform,
                args=(_import, number, upload),
            )


def _download(
    kind: str,
    title: str,
    name: str,
    mime: str,
    written: Callable[[Sequence[SavedDrawing]], bytes],
    room: int,
    counts: Mapping[int, int],
) -> None:
    st.download_button(
        title,
        lambda: written(drawing_store.store().all(room)),
        name,
        mime,
        key=f"download-{kind}",
        icon=":material/download:",
        on_click="ignore",
        disabled=not any(label != NO_DIGIT for label in counts),
    )


def _import(room: int, upload: Widget[UploadedFile | None]) -> None:
    """Add what is in a file to a room that this visitor runs; its place is cleared for the next."""
    file = upload.get()
    if not file:
        return
    state.DRAWING_FILES.set(state.DRAWING_FILES.get() + 1)
    limits.spend(Kind.UPLOADS)
    permissions.require_saving()
    me, rooms = visitor.current(), Rooms(drawing_store.store())
    if room == OWN:
        room = make_own().id
    rooms.kept(room, me)
    owner = me.id if rooms.get(room).keeper == me.id else None
    given = [replace(one, room=room, owner=owner) for one in drawings.read(file)]
    added = drawing_store.store().add(given)
    count, known = formatting.count(added, "drawing"), len(given) - added
    state.ALBUM_SUCCESS.set(
        _(
            "Added {count} from {name}; {known:,} were there already.",
            count=count,
            name=file.name,
            known=known,
        )
        if known
        else _("Added {count} from {name}.", count=count, name=file.name)
    )


@dialog(Text("Delete all of these drawings?"))
def _confirm_delete(room: int, count: int) -> None:
    """Asked twice: by the button, and here."""
    st.markdown(
        _(
            "All {count} will be gone. They can be put back for a day. "
            "What was learned from them stays.",
            count=formatting.count(count, "drawing"),
        )
    )
    if st.button(_("Delete them all"), key="delete_all_now", type="primary"):
        _perform(_delete_all, room)
        st.rerun()


def _delete_all(room: int) -> None:
    drawing_store.store().delete_all(visitor.current(), room)
