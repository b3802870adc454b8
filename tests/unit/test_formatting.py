"""Figures in words."""

from datetime import UTC, datetime

import pytest

from ui.common import formatting


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "1 s"),
        (18.4, "18 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (3570, "1 h"),
        (3540, "59 min"),
        (4800, "1 h 20 min"),
    ],
)
def test_a_duration(seconds: float, said: str) -> None:
    assert formatting.duration(seconds) == said


@pytest.mark.parametrize(("seconds", "said"), [(0, "0:00"), (67.9, "1:07"), (3661, "1:01:01")])
def test_a_clock(seconds: float, said: str) -> None:
    assert formatting.clock(seconds) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Berlin", "22 Nov 2026, 00:30"),
        (None, "21 Nov 2026, 23:30 UTC"),
        ("Nowhere/At_all", "21 Nov 2026, 23:30 UTC"),
        ("../../etc/passwd", "21 Nov 2026, 23:30 UTC"),
    ],
)
def test_a_moment_by_the_visitors_clock(zone: str | None, said: str) -> None:
    assert formatting.moment(datetime(2026, 11, 21, 23, 30, tzinfo=UTC), zone) == said


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("mnist", "MNIST"),
        ("mnist+synthetic:12000", "MNIST + 12,000 synthetic digits"),
        ("synthetic:many", "synthetic:many"),
        ("mnist+drawings", "MNIST + saved drawings"),
        ("/home/me/uploads/train.csv-0a1b2c3d", "train.csv"),
        ("", ""),
    ],
)
def test_digits_by_their_spec(spec: str, said: str) -> None:
    assert formatting.data(spec) == said


def test_shares() -> None:
    assert formatting.percent(0.99234) == "99.23 %"
    assert formatting.interval((0.9904, 0.9938)) == "99.04 to 99.38 %"


@pytest.mark.parametrize(
    ("share", "decimals", "said"),
    [
        (0.9644, 1, "96.4 %"),
        (1.0, 1, "> 99.9 %"),
        (0.99996, 2, "> 99.99 %"),
        (0.997, 0, "> 99 %"),
        (0.0, 1, "< 0.1 %"),
        (0.004, 0, "< 1 %"),
        (0.5, 0, "50 %"),
    ],
)
def test_a_probability_is_never_certain(share: float, decimals: int, said: str) -> None:
    assert formatting.probability(share, decimals) == said


def test_so_many_of_something() -> None:
    assert formatting.count(1, "digit") == "1 digit"
    assert formatting.count(0, "digit") == "0 digits"
    assert formatting.count(2000, "drawing") == "2,000 drawings"
