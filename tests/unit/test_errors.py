"""Sentences that quote what anybody may have called a file."""

import pytest

from model.errors import LONGEST, InklingError
from ui.common.formatting import plain


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[31mb", "a\u202eb", "a\ud800b", "a\0b"])
def test_what_can_not_be_printed_on_a_line_is_replaced(name: str) -> None:
    sentence = str(InklingError(f"“{name}” is empty; wanted: a file."))
    assert sentence.isprintable()
    assert sentence.endswith("” is empty; wanted: a file.")
    sentence.encode()


def test_a_long_name_leaves_what_is_wanted() -> None:
    sentence = str(InklingError(f"“{'a' * 100_000}” is empty; wanted: a file."))
    assert len(sentence) <= LONGEST + 1
    assert sentence.endswith("wanted: a file.")


def test_markup_in_a_name_is_shown_and_not_rendered() -> None:
    assert plain("![x](http://a/b.png)") == r"!\[x\](http://a/b.png)"
    assert plain("<img src=x onerror=alert(1)>.zip") == r"\<img src=x onerror=alert(1)\>.zip"
