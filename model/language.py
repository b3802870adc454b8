"""The language of what people read: texts by the catalogue in model/translations, and numbers.

A text is written in English where it is used, and translated when it is shown: `_` and `ngettext`
do so at once; a `Text`, which a constant or an error is, when it is turned into a string. What they
are given is put in the place of {name}, as str.format does.
"""

from __future__ import annotations

import io
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "tr": "Türkçe",
}
FOLDER = Path(__file__).parent / "translations"

_ENGLISH = "en"
_current: ContextVar[str] = ContextVar("language")

P = ParamSpec("P")
T = TypeVar("T")


def _english() -> str:
    return _ENGLISH


_source: Callable[[], str] = _english


def current() -> str:
    """The language of what runs now, one of LANGUAGES: what `spoken` says, else what is asked;
    English where nobody is."""
    try:
        return _current.get()
    except LookupError:
        return _source()


def ask(source: Callable[[], str]) -> None:
    """Have `source` say, each time, which of LANGUAGES is that of what runs now."""
    global _source
    _source = source


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """One of LANGUAGES within."""
    before = _current.set(language)
    try:
        yield
    finally:
        _current.reset(before)


def kept(function: Callable[P, T]) -> Callable[P, T]:
    """The function, which speaks today's language wherever it is called, as in another thread."""
    language = current()

    @wraps(function)
    def speaking(*args: P.args, **kwargs: P.kwargs) -> T:
        with spoken(language):
            return function(*args, **kwargs)

    return speaking


def best(tag: str | None) -> str:
    """The one of LANGUAGES for a browser's language, as “de-AT”: English where there is none."""
    language = (tag or "").lower().replace("_", "-").partition("-")[0]
    return language if language in LANGUAGES else _ENGLISH


# ---------------------------------------------------------------- texts


def _(text: str, **values: Any) -> str:
    """A text in the language of now."""
    if not text:  # by which gettext means a catalogue's own description
        return text
    return _filled(_catalogue(current()).gettext(text), values)


def ngettext(one: str, several: str, n: int, **values: Any) -> str:
    """A text about so many, which it may say as {n}."""
    return _filled(_catalogue(current()).ngettext(one, several, n), {"n": n, **values})


def pgettext(context: str, text: str, **values: Any) -> str:
    """A text that is another word elsewhere; `context` says where this is."""
    return _filled(_catalogue(current()).pgettext(context, text), values)


def marked(text: str) -> str:
    """A text for the catalogue, as it is: `_` translates it where it is shown."""
    return text


class Text:
    """A text that is translated when it is shown: `str` gives it in the language of then."""

    def __init__(self, text: str, **values: Any) -> None:
        self.text = text
        self.values = values

    def __str__(self) -> str:
        return _(self.text, **self.values)

    def with_values(self, **values: Any) -> str:
        """It with these in the place of {name}."""
        return _(self.text, **self.values, **values)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __repr__(self) -> str:
        return f"Text({self.text!r})"


def _filled(text: str, values: dict[str, Any]) -> str:
    if not values:
        return text
    if current() == _ENGLISH:
        return text.format(**values)
    return _FORMATTER.vformat(text, (), values)


class Formatter(string.Formatter):
    """As str.format, with numbers as the language of now writes them."""

    def format_field(self, value: Any, spec: str) -> str:
        return number(value, spec) if isinstance(value, int | float) else format(value, spec)


_FORMATTER = Formatter()


def number(value: float, spec: str = "") -> str:
    """A number as `format` writes it, with the language's own signs: “2.000,5” in German."""
    return format(value, spec).translate(_signs(current()))


def month(place: int) -> str:
    """A month's short name, the first at 1: “Nov”."""
    return _months(current())[place]


# ---------------------------------------------------------------- the catalogue


@cache
def _catalogue(language: str) -> NullTranslations:
    """One language's texts, read once: from the file that people edit, so that there is no other
    that could be older."""
    if language == _ENGLISH:
        return NullTranslations()
    from babel.messages import mofile, pofile

    compiled = io.BytesIO()
    with (FOLDER / f"{language}.po").open("rb") as file:
        mofile.write_mo(compiled, pofile.read_po(file, language))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _signs(language: str) -> dict[int, str]:
    """What stands in the place of Python's signs in a number."""
    if language == _ENGLISH:
        return {}
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return {
        ord("."): get_decimal_symbol(language),
        ord(","): get_group_symbol(language),
    }


@cache
def _months(language: str) -> dict[int, str]:
    from babel.dates import get_month_names

    return dict(get_month_names("abbreviated", locale=language))
