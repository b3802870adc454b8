"""The Draw page in a real browser: digits drawn with the mouse are read."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.hand import Visitor


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_is_read(visitor: Visitor, digit: int) -> None:
    visitor.draw(digit)
    visitor.reads(digit)
    visitor.screenshot(f"digit-{digit}")
