"""Every widget of the pages is known by who may use it: what changes something for others is tried
by those who may not, in `integration/test_forged_rooms.py` and `test_forged_messages.py`."""

import ast
from collections.abc import Iterator

import pytest

from model.settings import ROOT
from tests.support.widgets import HOSTS, ROOMS, TEACHERS, VISITORS
from ui.common import state
from ui.common.state import Widget, Widgets

KINDS = {
    *("button", "form_submit_button", "download_button", "link_button", "menu_button"),
    *("toggle", "checkbox", "radio", "pills", "segmented_control", "feedback"),
    *("selectbox", "multiselect", "select_slider", "slider", "number_input"),
    *("text_input", "text_area", "chat_input", "date_input", "time_input", "datetime_input"),
    *("file_uploader", "camera_input", "audio_input", "color_picker", "data_editor"),
}
FILES = [ROOT / "app.py", *sorted(ROOT.glob("pages/*.py")), *sorted(ROOT.glob("ui/**/*.py"))]


def named(key: ast.expr | None, place: str) -> str:
    """How a widget's key begins; where it is put together elsewhere, its place and its words."""
    if isinstance(key, ast.Constant):
        return str(key.value)
    if isinstance(key, ast.JoinedStr) and isinstance(key.values[0], ast.Constant):
        return str(key.values[0].value)
    words = ast.unparse(key) if key else "none"
    declared = words.partition(".")[2].partition("[")[0].removesuffix(".key")
    found = getattr(state, declared, None) if words.startswith("state.") else None
    if isinstance(found, Widgets):
        return f"{found.prefix}-"
    return found.key if isinstance(found, Widget) else f"{place}: {words}"


def widgets() -> Iterator[str]:
    for path in FILES:
        place = str(path.relative_to(ROOT))
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            kind = ast.unparse(node.func).rpartition(".")[2]
            if kind == "Component":
                yield f"inkling.{ast.literal_eval(node.args[0])}"
            elif kind == "component" and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)
            elif kind in KINDS and isinstance(node.func, ast.Attribute):
                keys = [word.value for word in node.keywords if word.arg == "key"]
                yield named(keys[0] if keys else None, place)


def test_every_widget_is_in_one_list() -> None:
    lists = [*HOSTS, *ROOMS, *TEACHERS, *VISITORS]
    assert len(lists) == len(set(lists))
    found = set(widgets())
    assert sorted(found.difference(lists)) == [], "say in tests/support/widgets.py who may use it"
    assert sorted(set(lists) - found) == [], "it is no more"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("st.button('a', key='b')", "b"),
        ("st.button('a', key=f'b-{c}')", "b-"),
        ("st.slider('a', key=state.PEN.key)", "pen"),
        ("st.slider('a', key=state.EPOCHS[1].key)", "epochs-"),
        ("st.button('a', key=key)", "x.py: key"),
    ],
)
def test_a_widget_is_told_by_its_key(code: str, name: str) -> None:
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    assert named(call.keywords[0].value, "x.py") == name
