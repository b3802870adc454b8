"""HTML from the templates: what a visitor or a file brought in is shown, never run."""

import re
from pathlib import Path

import numpy as np
import pytest
from jinja2 import UndefinedError

from ui.batch import gallery
from ui.common import html
from ui.draw import answer
from ui.train import figures

ROOT = Path(__file__).parent.parent.parent
EVIL = '<script>alert("1")</script>'


@pytest.mark.parametrize(
    "shown",
    [
        answer.message(EVIL, EVIL),
        figures.table([EVIL], {EVIL: [EVIL]}),
        html.render("train/in_use.html", name=EVIL),
        html.render("train/note.html", note=EVIL),
        html.render(
            "train/verdict.html", accuracy=1.0, right=1, n=1, is_kept_back=False, sentence=EVIL
        ),
        html.render("runs/row.html", accuracy="", time="", badge="", details=[EVIL]),
        html.render("batch/sentences.html", lines=[EVIL]),
        html.render("batch/task.html", title=EVIL, share=None),
        html.render("common/lead.html", lines=[EVIL]),
    ],
)
def test_what_came_from_outside_is_escaped(shown: str) -> None:
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown
    assert 'alert("' not in shown


def test_a_file_name_does_not_end_an_attribute() -> None:
    image = np.zeros((1, 28, 28), np.uint8)
    shown = gallery.first_answers(image, np.zeros(1, np.uint8), ['a/b" onload="x.png'])
    assert 'onload="' not in shown


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="note"):
        html.render("train/note.html")


def test_html_is_in_the_templates_alone() -> None:
    """No module of the pages puts values into HTML by itself."""
    filled = re.compile(r"""f["'][^\n]*<[a-z]+[ >]|f["'][^\n]*</[a-z]+>""")
    for path in [*ROOT.glob("ui/**/*.py"), *ROOT.glob("pages/*.py")]:
        assert not filled.search(path.read_text()), path
