"""All that the app keeps of a visitor, from one rerun to the next and on every page.

Streamlit has a session for each open tab. What is declared here is all that is in it: under which
key, of which type, what it is before anything was written, and the one module that writes it. Other
modules read it, or ask its owner. Nothing else of the app touches `st.session_state`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import SafeSessionState

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from model.errors import InklingError
    from model.inference.batch import Batch
    from model.preprocessing.drawing import Drawing
    from ui.batch.uploads import PredictedBatch
    from ui.common.task import Task
    from ui.draw.canvas import CanvasJSON
    from ui.draw.feedback import Answered, SavedFeedback
    from ui.draw.history import Sheet
    from ui.draw.picture import Picture
    from ui.draw.tasks import Game

T = TypeVar("T")


@dataclass(frozen=True)
class Value(Generic[T]):
    """Something that the app keeps; `owner` is the module that writes it."""

    key: str
    owner: str
    default: Callable[[], T]

    def get(self) -> T:
        value: T = st.session_state.setdefault(self.key, self.default())
        return value

    def set(self, value: T) -> None:
        st.session_state[self.key] = value


@dataclass(frozen=True)
class Widget(Value[T]):
    """What is entered in the widget with this key, which `owner` shows, and may fill in before.

    It is Streamlit's: it is gone where its widget is on no page any more, but for a widget that
    was shown with `persist_state="session"`.
    """

    def get(self) -> T:
        value: T = st.session_state.get(self.key, self.default())
        return value

    def one_of(self, options: Collection[T]) -> T | None:
        """What was chosen of these; None for anything else. Of a select box and a radio button
        Streamlit hands any text in the browser's message on to a callback."""
        value = self.get()
        return value if value in options else None


@dataclass(frozen=True)
class Widgets(Generic[T]):
    """Widgets of a kind, told apart by what each of them is for."""

    prefix: str
    owner: str
    default: Callable[[], T]

    def __getitem__(self, name: object) -> Widget[T]:
        return Widget(f"{self.prefix}-{name}", self.owner, self.default)


def session() -> SafeSessionState | None:
    """What is kept of the visitor whose page this thread makes; None in any other thread."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_state if context else None


def _none() -> None:
    return None


# ---------------------------------------------------------------- every page

# Whether app.py has run in this session.
ENTRYPOINT_RAN: Value[bool] = Value("entrypoint_ran", "ui.common.entrypoint", bool)
# Whether the browser shows a page already, and so the network may be loaded.
PAGE_IS_SHOWN: Value[bool] = Value("page_is_shown", "ui.common.network", bool)
PASSWORD: Widget[str] = Widget("password", "ui.common.permissions", str)
# Why the password that was entered last was not taken.
PASSWORD_ERROR: Value[str] = Value("password_error", "ui.common.permissions", str)
# The right password, entered on whichever page.
GIVEN_PASSWORD: Value[str] = Value("given_password", "ui.common.permissions", str)

# The random key of this browser; empty before it was asked for. Whether the browser had it before
# the page was opened; whether it takes the place of one that the browser has; and what the browser
# says of it: {"key": …}.
VISITOR_KEY: Value[str] = Value("visitor_key", "ui.common.visitor", str)
KEY_IS_KNOWN: Value[bool] = Value("key_is_known", "ui.common.visitor", bool)
KEY_IS_NEW: Value[bool] = Value("key_is_new", "ui.common.visitor", bool)
VISITOR: Widget[dict[str, Any] | None] = Widget("visitor", "ui.common.visitor", _none)
# The code of the room that this visitor is in: None before it was looked for, empty for none. What
# the browser is to keep of it: None, whatever it keeps.
ROOM: Value[str | None] = Value("room", "ui.common.room", _none)
KEPT_ROOM: Value[str | None] = Value("kept_room", "ui.common.room", _none)
ROOM_ERROR: Value[InklingError | None] = Value("room_error", "ui.common.room", _none)
# Whether something was saved in an album of one's own since the page was opened.
HAS_ALBUM: Value[bool] = Value("has_album", "ui.common.room", bool)
# Whether many people touch this screen in turn, None before it was asked; and the room it is in.
KIOSK: Value[bool | None] = Value("kiosk_is_on", "ui.common.kiosk", _none)
KIOSK_ROOM: Value[str] = Value("kiosk_room", "ui.common.kiosk", str)

# The language that is read: empty before it was asked for. What the browser is to keep of it:
# empty, whatever it keeps; and what was chosen in the page's corner: {"language": …}.
LANGUAGE: Value[str] = Value("language", "ui.common.language", str)
KEPT_LANGUAGE: Value[str] = Value("kept_language", "ui.common.language", str)
FRAME: Widget[dict[str, Any] | None] = Widget("frame", "ui.common.frame", _none)

# ---------------------------------------------------------------- Draw

PEN: Widget[int | None] = Widget("pen", "pages.draw", _none)
# The canvas as a component; what was drawn on it last, as Fabric.js writes it and made ready to be
# read, or why it can't be; and what it was told to show last.
CANVAS: Widget[dict[str, Any] | None] = Widget("sheet", "ui.draw.canvas", _none)
CANVAS_JSON: Value[CanvasJSON] = Value("canvas_json", "ui.draw.canvas", lambda: {"objects": []})
CANVAS_DRAWING: Value[Drawing | InklingError | None] = Value(
    "canvas_drawing", "ui.draw.canvas", _none
)
# The same as the text of a link, or why no link can take it; None before it was asked for.
CANVAS_LINK: Value[str | InklingError | None] = Value("canvas_link", "ui.draw.canvas", _none)
INITIAL_DRAWING: Value[CanvasJSON] = Value(
    "initial_drawing", "ui.draw.canvas", lambda: {"objects": []}
)
# How often the canvas has sent its drawing.
CANVAS_REVISION: Value[int] = Value("canvas_revision", "ui.draw.canvas", int)
# The strokes that the canvas has not sent yet: {"strokes": {"generation", "seq", "strokes"}}.
LIVE: Widget[dict[str, Any] | None] = Widget("live", "ui.draw.live", _none)
LIVE_STROKES: Value[dict[str, Any]] = Value("live_strokes", "ui.draw.live", dict)
PICTURE_FILE: Widget[UploadedFile | None] = Widget("upload", "ui.draw.current", _none)
PHOTO: Widget[UploadedFile | None] = Widget("camera", "ui.draw.current", _none)
# The picture that came last, after what was drawn.
PICTURE: Value[Picture | None] = Value("picture", "ui.draw.picture", _none)
# The part of the picture that was framed: {"part": its corners}.
CROP: Widget[dict[str, Any] | None] = Widget("crop", "ui.draw.crop", _none)
# What the sheet showed before, the latest last, and what was undone since, the next step last.
EARLIER_SHEETS: Value[list[Sheet]] = Value("earlier_sheets", "ui.draw.history", list)
LATER_SHEETS: Value[list[Sheet]] = Value("later_sheets", "ui.draw.history", list)
# What was read last, and what was saved of it last.
ANSWERED: Value[Answered | None] = Value("answered", "ui.draw.feedback", _none)
SAVED_FEEDBACK: Value[SavedFeedback | None] = Value("saved_feedback", "ui.draw.feedback", _none)
# The button that was tapped now: {"tapped": …}.
TAP: Widget[dict[str, Any] | None] = Widget("taps", "ui.draw.feedback", _none)
# The place of the digit of a number that is meant.
FEEDBACK_PLACE: Widget[int | None] = Widget("feedback_place", "ui.draw.feedback", _none)
FEEDBACK_ERROR: Value[InklingError | None] = Value("feedback_error", "ui.draw.feedback", _none)

# The game that is played, and the one in the page's address that was begun last.
GAME: Value[Game | None] = Value("game", "ui.draw.game", _none)
GAME_LINK: Value[str] = Value("game_link", "ui.draw.game", str)

# ---------------------------------------------------------------- Why

# Which of the samples that Inkling draws is looked at.
SAMPLE: Value[int | None] = Value("why_sample", "ui.why.drawing", _none)
# The place of the digit that is looked at, and the digest of the number for which it was chosen.
PLACE: Widget[int] = Widget("why_place", "ui.why.drawing", int)
PLACE_OF: Value[str] = Value("why_place_of", "ui.why.drawing", str)
VIEW: Widget[str | None] = Widget("view", "ui.why.views", _none)
# What was computed of this drawing, by a name and the network.
EXPLANATIONS: Value[dict[Any, Any]] = Value("why_cache", "ui.why.cache", dict)
# The digit that the drawing is to become, and the digest of the drawing for which it was chosen.
WANTED_DIGIT: Widget[int] = Widget("why_digit", "ui.why.views", int)
WANTED_FOR: Value[str] = Value("why_digit_of", "ui.why.views", str)
LAYER: Widget[int] = Widget("why_layer", "ui.why.layers", int)
# The picture that was chosen in a layer, by the layer's place: {"picked": its place}.
PICKED_MAP: Widgets[dict[str, Any]] = Widgets("maps", "ui.why.components", dict)
# How far the drawing is distorted, by the kind of distortion.
DISTORTION: Widgets[float | None] = Widgets("why", "ui.why.perturbation", _none)

# ---------------------------------------------------------------- Train

# The runs that this visitor began last, and that is watched: their ids.
OWN_RUN: Value[str] = Value("own_run", "ui.train.control", str)
WATCHED_RUN: Value[str] = Value("watched_run", "ui.train.control", str)
# The run in the page's address that was looked at last.
LINKED_RUN: Value[str] = Value("linked_run", "ui.train.control", str)
TRAINING_ERROR: Value[InklingError | None] = Value("training_error", "ui.train.control", _none)
# One network, a race or a search; and the run whose kind that was set by.
TRAIN_VIEW: Widget[str | None] = Widget("train_view", "ui.train.views", _none)
SHOWN_RUN: Value[str] = Value("shown_run", "ui.train.views", str)
RECIPE: Widget[str] = Widget("recipe", "ui.train.form", str)
LEARNS_FROM: Widget[str] = Widget("learns_from", "ui.train.form", str)
DATA_FILE: Widget[UploadedFile | None] = Widget("file", "ui.train.form", _none)
DATA_FILE_ERROR: Value[InklingError | None] = Value("file_error", "ui.train.form", _none)
# The spec of the digits that this visitor brought last.
OWN_DATA: Value[str | None] = Value("own_data", "ui.train.form", _none)
# A recipe's settings, by its name; None, before they were shown, is the recipe's own.
EPOCHS: Widgets[int | None] = Widgets("epochs", "ui.train.form", _none)
BATCH_SIZE: Widgets[int | None] = Widgets("batch", "ui.train.form", _none)
LEARNING_RATE: Widgets[float | None] = Widgets("rate", "ui.train.form", _none)
SEED: Widget[int] = Widget("seed", "ui.train.form", int)
# Whether the network is to be another than the recipe's; how many convolutions it has, how many
# filters each by its place, and the rest of a design by its name; how it learns.
OWN_NETWORK: Widget[bool] = Widget("own_network", "ui.train.design", bool)
CONVOLUTIONS: Widget[int] = Widget("convolutions", "ui.train.design", lambda: 2)
FILTERS: Widgets[int] = Widgets("filters", "ui.train.design", int)
DESIGN: Widgets[Any] = Widgets("design", "ui.train.design", _none)
OPTIMIZER: Widget[str | None] = Widget("optimizer", "ui.train.design", _none)
BENDING: Widget[str | None] = Widget("bending", "ui.train.design", _none)

# A search: the recipe that it is around, how many it tries, and for how many epochs at most.
SEARCH_BASE: Widget[str] = Widget("search_base", "ui.train.search", lambda: "quick")
SEARCH_TRIALS: Widget[int] = Widget("search_trials", "ui.train.search", lambda: 12)
SEARCH_EPOCHS: Widget[int] = Widget("search_epochs", "ui.train.search", lambda: 4)
# The two recipes that race; whether their curves are by seconds of training.
RACERS: Widgets[str] = Widgets("racer", "ui.train.race", str)
BY_SECONDS: Widget[bool] = Widget("by_seconds", "ui.train.charts", bool)

# The run that the watched one races against: its id.
RIVAL: Widget[str | None] = Widget("rival", "ui.train.curves", _none)
# The cell of the table of confusion that was chosen, by the run: {"chosen": what was written, and
# what was read}.
CONFUSED: Widgets[dict[str, Any]] = Widgets("confused", "ui.train.confusion", dict)

# ---------------------------------------------------------------- Runs

RUN_SEARCH: Widget[str] = Widget("run_search", "ui.runs.listing", str)
RUN_ORDER: Widget[str | None] = Widget("run_order", "ui.runs.listing", _none)
# What a run is named, and what is noted of it, by its id.
RUN_NAME: Widgets[str] = Widgets("name", "ui.runs.about", str)
RUN_NOTES: Widgets[str] = Widgets("notes", "ui.runs.about", str)

# ---------------------------------------------------------------- Drawings

ALBUM_ERROR: Value[InklingError | None] = Value("album_error", "ui.drawings.album", _none)
ALBUM_SUCCESS: Value[str] = Value("album_success", "ui.drawings.album", str)
# The number of the room whose drawings are looked at, by those that there are to choose from.
ALBUM_ROOM: Widgets[int | None] = Widgets("album-room", "ui.drawings.album", _none)
ALBUM_PAGE: Value[int] = Value("album_page", "ui.drawings.album", int)
# What a saved drawing is, by its number and what it was; an upload of drawings, by how many came
# before it: another key is an empty widget.
DRAWING_LABEL: Widgets[int] = Widgets("label", "ui.drawings.album", int)
DRAWING_FILE: Widgets[UploadedFile | None] = Widgets("bring", "ui.drawings.album", _none)
DRAWING_FILES: Value[int] = Value("drawing_files", "ui.drawings.album", int)

# ---------------------------------------------------------------- Rooms

ROOM_CODE: Widget[str] = Widget("room_code", "ui.rooms.entrance", str)
ROOM_NAME: Widget[str] = Widget("room_name", "ui.rooms.entrance", str)
ROOM_PROMPT: Widget[str] = Widget("room_prompt", "ui.rooms.entrance", str)
ROOM_APPROVAL: Widget[bool] = Widget("room_approval", "ui.rooms.entrance", bool)
# What is changed of a room, by its number.
DESK_PROMPT: Widgets[str] = Widgets("desk-prompt", "ui.rooms.desk", str)
DESK_APPROVAL: Widgets[bool] = Widgets("desk-approval", "ui.rooms.desk", bool)
# The key that was made last, until its teacher has it: of the room with which number.
DESK_KEY: Value[tuple[int, str] | None] = Value("desk_key", "ui.rooms.desk", _none)
PRIVACY_ERROR: Value[InklingError | None] = Value("privacy_error", "pages.privacy", _none)

# ---------------------------------------------------------------- Batch

# An upload, by how many came before it.
BATCH_FILES: Widgets[list[UploadedFile]] = Widgets("batch-files", "ui.batch.uploads", list)
BATCH_UPLOADS: Value[int] = Value("batch_uploads", "ui.batch.uploads", int)
BATCH_TASK: Value[Task[list[Batch]] | Task[PredictedBatch] | None] = Value(
    "batch_task", "ui.batch.uploads", _none
)
BATCH_ERROR: Value[InklingError | None] = Value("batch_error", "ui.batch.uploads", _none)
# What came of the uploads, to learn from and to be read, the latest last.
BATCHES: Value[dict[str, Batch | PredictedBatch]] = Value("batches", "ui.batch.uploads", dict)
# How many of the least certain digits are shown.
UNCERTAIN_SHOWN: Value[int] = Value("uncertain_shown", "ui.batch.uploads", int)
# What a digit is that was read, by the upload and its place.
CORRECTION: Widgets[int] = Widgets("digit", "ui.batch.submission", int)
# The run that was begun on an upload, its id; and the seed of the distorted copies that are shown.
BATCH_RUN: Value[str] = Value("batch_run", "ui.batch.dataset", str)
AUGMENTATION_SEED: Value[int] = Value("augmentation_seed", "ui.batch.dataset", int)
