"""The one error that is meant for people."""

LONGEST = 1000  # characters of a sentence; what is longer quotes somebody at length


class InklingError(Exception):
    """Something the user gave can't be used; the message is one sentence for them.

    It says what was given, what is wrong with it and what is wanted. The page shows it as it
    stands; the command line prints it as one line and exits with status 2. Every other
    exception is a bug. What it quotes may be anything: what can't be printed on a line is replaced.
    """

    def __init__(self, sentence: str = "") -> None:
        if len(sentence) > LONGEST:
            sentence = f"{sentence[: LONGEST * 3 // 4]}…{sentence[-LONGEST // 4 :]}"
        super().__init__("".join(one if one.isprintable() else "�" for one in sentence))
