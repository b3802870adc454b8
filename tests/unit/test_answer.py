"""The answer as HTML: a digit, a number, and what is neither; frames for the sheet."""

import re

import numpy as np

from model.inference.prediction import REFUSED, Prediction
from model.preprocessing.segments import Box
from ui.draw import answer

BOX = Box(40, 80, 100, 200)


def reading(digit: int, share: float, second: float = 0.0) -> Prediction:
    """`share` for the digit, `second` for the one after it, and nothing for the others."""
    row = np.zeros(10, np.float32)
    row[[digit, (digit + 1) % 10]] = share, second
    return Prediction(row, np.zeros((28, 28), np.float32), BOX)


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).strip()


def test_one_digit_comes_first() -> None:
    assert text(answer.card([reading(7, 0.96, 0.04)])).startswith("7 96.0 % sure")
    assert "or is it an 8? 30.0 %" in text(answer.card([reading(7, 0.7, 0.3)]))


def test_what_is_no_digit_is_told_with_the_nearest() -> None:
    html = answer.card([reading(3, 0.005, 0.002)])
    assert 'class="answer stranger"' in html
    assert "does not look like a digit. It is nearest to a 3, then to a 4." in text(html)
    assert "sure" not in text(html)
    assert re.findall(r"--p:([\d.]+)", html)[3:5] == ["0.0050", "0.0020"]


def test_what_may_be_a_digit_is_asked_about() -> None:
    html = answer.card([reading(8, 1 - REFUSED, 0.01)])
    assert text(html).startswith("Is it an 8? I am not sure that this is a digit.")
    assert "does not look like" not in text(html)


def test_a_number_comes_first_then_each_of_its_digits() -> None:
    html = answer.card([reading(1, 0.9), reading(9, 0.8), reading(0, 0.5, 0.4)])
    assert text(html).startswith("190 36.0 % sure of all")
    rows = html.split('<ol class="digits">')[1].split("<li class=")[1:]
    heads = [row.split("</div>")[0] for row in rows if "<div><b>" in row]
    assert [text(head.split("<div>")[1]) for head in heads] == ["1 90.0 %", "9 80.0 %", "0 50.0 %"]
    assert html.count("aria-label") == 3 * 12


def test_the_part_that_is_no_digit_is_shown_as_such() -> None:
    predictions = [reading(1, 0.9), reading(2, 0.01, 0.005), reading(4, 0.9)]
    html = answer.card(predictions)
    assert text(html).startswith("1?4 ? does not look like a digit to me")
    assert "sure of all" not in text(html)
    assert html.count('<li class="stranger">') == 1
    assert (
        answer.frames([(one, one.box) for one in predictions], 400).count('class="stranger"') == 1
    )


def test_frames_are_in_percent_of_the_sheet() -> None:
    one = reading(1, 0.9)
    assert "<i" not in answer.frames([], 400)
    html = answer.frames([(one, one.box)] * 2, 400)
    frames = re.findall(r"left:(.*?)%;top:(.*?)%;width:(.*?)%;height:(.*?)%", html)
    assert frames == [("9.0", "19.0", "27.0", "52.0")] * 2


def test_each_image_that_the_network_saw_is_shown() -> None:
    blank = np.zeros((28, 28), np.float32)
    for images, shown in (([], 1), ([blank], 1), ([blank] * 3, 3)):
        assert answer.network_input(images).count("<img") == shown
