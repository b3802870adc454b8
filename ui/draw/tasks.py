"""The game: what is to be drawn, whether it was, and how many points that is."""

import random
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import ClassVar, NamedTuple

from model.inference.prediction import Prediction
from model.language import Text, _, ngettext
from model.preprocessing.drawing import Drawing
from ui.common import formatting
from ui.draw import answer

MOST = 100  # points of a task
LOOKALIKES = ((7, 1), (4, 9), (9, 4), (3, 8), (5, 6), (2, 7), (5, 3), (0, 6), (1, 7), (3, 5))
# What the network sees of a digit as Inkling draws it, in white pixels.
USUAL_INK = (127, 71, 118, 118, 100, 112, 119, 94, 136, 113)


class Result(NamedTuple):
    """`points`, 0 where it is not done yet; and why."""

    points: int
    words: str


class Task(ABC):
    """Something to draw; `rule`: what makes more points."""

    rule: ClassVar[Text]

    @property
    @abstractmethod
    def title(self) -> str: ...

    @property
    @abstractmethod
    def answer(self) -> str:
        """As what the drawing has to be read."""

    def judge(self, drawing: Drawing, read: Sequence[Prediction]) -> Result:
        if not drawing.strokes:
            return Result(0, _("Here only the pen counts: clear the sheet and draw."))
        if (name := _name(read)) != self.answer:
            return Result(0, _("It reads {answer}.", answer=name))
        return self._judge(drawing, read)

    @abstractmethod
    def _judge(self, drawing: Drawing, read: Sequence[Prediction]) -> Result:
        """Of a drawing that is read as wanted."""


@dataclass(frozen=True)
class Disguise(Task):
    """A digit that is taken for another."""

    drawn: int
    taken: int
    rule: ClassVar[Text] = Text("It must come next, though: the closer the two, the more points.")

    @property
    def title(self) -> str:
        a, b = map(formatting.with_article, (self.drawn, self.taken))
        return _("Draw {drawn} that it takes for {taken}", drawn=a, taken=b)

    @property
    def answer(self) -> str:
        return str(self.taken)

    def _judge(self, drawing: Drawing, read: Sequence[Prediction]) -> Result:
        first, second = read[0].nearest
        if second != self.drawn:
            words = _(
                "It reads {first}, but {second} comes next, not {drawn}.",
                first=first,
                second=second,
                drawn=self.drawn,
            )
            return Result(0, words)
        ratio = float(read[0].probabilities[second] / read[0].probabilities[first])
        points = max(1, round(MOST * sqrt(ratio)))
        share = formatting.probability(float(read[0].probabilities[second]))
        words = _(
            "It reads {first}, and {second} comes next with {share}.",
            first=first,
            second=second,
            share=share,
        )
        return Result(points, words)


@dataclass(frozen=True)
class FewStrokes(Task):
    """A number in as few strokes as can be."""

    number: str
    rule: ClassVar[Text] = Text("One stroke for each digit is all of the points.")

    @property
    def title(self) -> str:
        return _("Write {number} in the fewest strokes", number=self.number)

    @property
    def answer(self) -> str:
        return self.number

    def _judge(self, drawing: Drawing, read: Sequence[Prediction]) -> Result:
        count = len(drawing.strokes)
        points = min(MOST, round(MOST * len(self.number) / count))
        words = ngettext(
            "{number} in {n:,} stroke.", "{number} in {n:,} strokes.", count, number=self.number
        )
        return Result(points, words)


@dataclass(frozen=True)
class LittleInk(Task):
    """A digit with as little ink as can be."""

    digit: int
    rule: ClassVar[Text] = Text("What the network sees counts, so drawing small does not help.")

    @property
    def title(self) -> str:
        digit = formatting.with_article(self.digit)
        return _("Draw the least ink that is still {digit}", digit=digit)

    @property
    def answer(self) -> str:
        return str(self.digit)

    def _judge(self, drawing: Drawing, read: Sequence[Prediction]) -> Result:
        ink = float(read[0].image.sum())
        points = round(MOST * (1.5 - ink / USUAL_INK[self.digit]))
        words = _("Still {digit}, with {pixels:.0f} pixels.", digit=self.digit, pixels=ink)
        return Result(max(1, min(MOST, points)), words)


def tasks(seed: int) -> list[Task]:
    """Six tasks, the same for the same seed."""
    chance = random.Random(seed)
    pairs = chance.sample(LOOKALIKES, 2)
    numbers = chance.sample(range(10, 100), 2)
    digits = chance.sample(range(2, 10), 2)
    return [
        task
        for pair, number, digit in zip(pairs, numbers, digits, strict=True)
        for task in (LittleInk(digit), FewStrokes(str(number)), Disguise(*pair))
    ]


@dataclass(frozen=True)
class Game:
    """One visitor's game: `points` of each task that is behind, 0 where it was skipped."""

    seed: int
    to_beat: int = 0
    points: tuple[int, ...] = ()

    @property
    def task(self) -> Task | None:
        """The one to do now; None at the end."""
        return dict(enumerate(tasks(self.seed))).get(len(self.points))

    @property
    def total(self) -> int:
        return sum(self.points)

    @property
    def streak(self) -> int:
        """How many were done one after the other, up to now."""
        done = [points > 0 for points in reversed(self.points)]
        return (*done, False).index(False)


def _name(read: Sequence[Prediction]) -> str:
    """What is read, as words about it say it."""
    if len(read) == 1 and read[0].digit is None:
        return _("no digit")
    return "".join(map(answer.name, read))
