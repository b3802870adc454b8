"""The one error that is meant for people."""

from typing import Any

from model.language import Text

LONGEST = 1000  # characters of a sentence; what is longer quotes somebody at length


class InklingError(Exception):
    """Something the user gave can't be used; the message is one sentence for them.

    It says what was given, what is wrong with it and what is wanted. The page shows it as it
    stands; the command line prints it as one line and exits with status 2. Every other
    exception is a bug. What it quotes may be anything: what can't be printed on a line is replaced.
    It is a `Text`: {name} in it stands for the value with that name, and whoever shows it sees it
    in his own language, in whatever thread it was raised.
    """

    def __init__(self, sentence: str = "", **values: Any) -> None:
        super().__init__(sentence)
        self._text = Text(sentence, **values)

    def __str__(self) -> str:
        sentence = str(self._text)
        if len(sentence) > LONGEST:
            sentence = f"{sentence[: LONGEST * 3 // 4]}…{sentence[-LONGEST // 4 :]}"
        return "".join(one if one.isprintable() else "�" for one in sentence)
