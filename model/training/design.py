"""A network that somebody designs: how many convolutions of how many maps, and what is between.

Written as `filters=32/64,kernel=3,dense=128,dropout=0.25,norm=off,activation=relu`, which a run's
configuration and the command line name it by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from model.errors import InklingError
from model.language import Text
from model.training.layers import Layer, cost, layers

ACTIVATIONS = ("relu", "leaky_relu", "elu", "gelu", "silu", "tanh", "sigmoid")
MOST_CONVOLUTIONS = 4  # each halves the 28 px, and then there is one left
MOST_FILTERS = 128  # of 28×28 each, which is as much as a model file may have
MOST_KERNEL = 7
MOST_DENSE = 1024
MOST_DROPOUT = 0.9

_MOST_PARAMETERS = 5_000_000  # a host has to train it
# Measured for the five recipes on the machine of their reference: what an image costs at least,
# and what a million multiplications add, in seconds, forwards and backwards.
_SECONDS, _SECONDS_PER_MILLION = 2.5e-5, 3.5e-5


@dataclass(frozen=True)
class Design:
    """A convolution of so many `filters` after another, each then halved in size; then a `dense`
    layer, unless that is 0, and dropout before and after it. Raises InklingError."""

    filters: tuple[int, ...] = (32, 64)
    kernel: int = 3
    dense: int = 128
    dropout: float = 0.25
    norm: bool = False
    activation: str = "relu"

    def __post_init__(self) -> None:
        _check(Text("number of convolutions"), len(self.filters), 0, MOST_CONVOLUTIONS)
        for count in self.filters:
            _check(Text("number of filters"), count, 1, MOST_FILTERS)
        _check(Text("kernel"), self.kernel, 1, MOST_KERNEL)
        _check(Text("dense layer"), self.dense, 0, MOST_DENSE)
        _check(Text("dropout"), self.dropout, 0, MOST_DROPOUT)
        if self.activation not in ACTIVATIONS:
            raise InklingError(
                "There is no activation “{activation}”; wanted: one of {activations}.",
                activation=self.activation,
                activations=", ".join(ACTIVATIONS),
            )
        if (parameters := cost([*self.layers(), layers.Dense(10)]).parameters) > _MOST_PARAMETERS:
            raise InklingError(
                "The network has {parameters:,} parameters; wanted: {most_parameters:,} at most, "
                "by fewer filters, more convolutions or a smaller dense layer.",
                parameters=parameters,
                most_parameters=_MOST_PARAMETERS,
            )

    @classmethod
    def parse(cls, spec: str) -> Design:
        """The design that `spec` writes down; what it leaves out is as in `Design()`."""
        try:
            given = dict(part.split("=") for part in spec.replace(" ", "").split(","))
            values = {name: _READ[name](text) for name, text in given.items()}
        except (KeyError, ValueError):
            raise InklingError(
                "There is no network “{spec}”; wanted: a name, or any of {names}, as {example}.",
                spec=spec,
                names=", ".join(field.name for field in fields(cls)),
                example=cls().spec(),
            ) from None
        return cls(**values)

    def spec(self) -> str:
        written = asdict(self) | {
            "filters": "/".join(map(str, self.filters)) or "none",
            "dropout": f"{self.dropout:g}",
            "norm": "on" if self.norm else "off",
        }
        return ",".join(f"{name}={value}" for name, value in written.items())

    def layers(self) -> list[Layer]:
        """Down to what the answer is made from."""
        dropout = [layers.Dropout(self.dropout)] if self.dropout else []
        found: list[Layer] = []
        for count in self.filters:
            found += [
                layers.Conv2D(count, self.kernel, padding="same"),
                *([layers.BatchNormalization()] if self.norm else []),
                layers.Activation(self.activation),
                layers.MaxPooling2D(2),
            ]
        found += [layers.Flatten(), *dropout]
        if self.dense:
            found += [layers.Dense(self.dense, activation=self.activation), *dropout]
        return found


def seconds_per_image(of: Sequence[Layer]) -> float:
    """About what an image costs to learn from, on the machine that the recipes were measured on."""
    return _SECONDS + _SECONDS_PER_MILLION * cost(of).multiplications / 1e6


def _filters(text: str) -> tuple[int, ...]:
    return () if text == "none" else tuple(int(count) for count in text.split("/"))


def _switch(text: str) -> bool:
    return {"on": True, "off": False}[text]


_READ: dict[str, Any] = {
    "filters": _filters,
    "kernel": int,
    "dense": int,
    "dropout": float,
    "norm": _switch,
    "activation": str,
}


def _check(name: Text, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise InklingError(
            "The network’s {name} is {value:g}; wanted: from {least:g} to {most:,g}.",
            name=name,
            value=value,
            least=least,
            most=most,
        )
