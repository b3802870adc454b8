"""The styles of each digit: how often a style is drawn, and how. A module a digit."""

from model.data.synthetic.curves import Style
from model.data.synthetic.styles import eight, five, four, nine, one, seven, six, three, two, zero

STYLES: dict[int, dict[str, tuple[float, Style]]] = {
    digit: module.STYLES
    for digit, module in enumerate((zero, one, two, three, four, five, six, seven, eight, nine))
}
