"""A layer written down: what Keras makes of it, its code, its parameters and multiplications."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import keras

Shape = tuple[int, ...]


class Layer(NamedTuple):
    """A class of `keras.layers` and what it is called with."""

    kind: str
    arguments: tuple[Any, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()

    def build(self) -> keras.Layer:
        import keras

        return getattr(keras.layers, self.kind)(*self.arguments, **dict(self.options))

    def code(self) -> str:
        """As one writes it in Python."""
        options = (f"{name}={_written(value)}" for name, value in self.options)
        return f"layers.{self.kind}({', '.join([*map(_written, self.arguments), *options])})"


class _Layers:
    """`layers.Conv2D(32, 3)` writes down what it does with those of Keras, which stay unloaded."""

    def __getattr__(self, kind: str) -> Callable[..., Layer]:
        return lambda *arguments, **options: Layer(kind, arguments, tuple(options.items()))


layers = _Layers()


class Cost(NamedTuple):
    """Of a network: its parameters, and the multiplications that an image takes."""

    parameters: int
    multiplications: int


def cost(of: Sequence[Layer]) -> Cost:
    """What these layers cost one after the other on a 28×28 image."""
    shape: Shape = (28, 28, 1)
    parameters = multiplications = 0
    for layer in of:
        options = dict(layer.options)
        if layer.kind == "Conv2D":
            count, kernel = layer.arguments
            weights = kernel * kernel * shape[2] * count
            less = 0 if options.get("padding") == "same" else kernel - 1
            shape = (shape[0] - less, shape[1] - less, count)
            parameters += weights + count
            multiplications += weights * shape[0] * shape[1]
        elif layer.kind == "Dense":
            (count,) = layer.arguments
            parameters += (shape[-1] + 1) * count
            multiplications += shape[-1] * count
            shape = (*shape[:-1], count)
        elif layer.kind == "MaxPooling2D":
            (size,) = layer.arguments
            shape = (shape[0] // size, shape[1] // size, shape[2])
        elif layer.kind == "Flatten":
            shape = (prod(shape),)
        elif layer.kind == "BatchNormalization":
            parameters += 4 * shape[-1]
    return Cost(parameters, multiplications)


def _written(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)
