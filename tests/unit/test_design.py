"""Networks of one's own: written down, counted, built, refused."""

import keras
import pytest

from model.errors import InklingError
from model.training import networks, notebook, recipes
from model.training.design import ACTIVATIONS, Design
from model.training.layers import cost
from model.training.pipeline import Request

DESIGNS = [
    Design(),
    Design(filters=(), dense=32),
    Design(filters=(8, 16, 32, 64), kernel=5, dense=0, dropout=0, norm=True, activation="gelu"),
]


@pytest.mark.parametrize("design", DESIGNS)
def test_a_design_is_what_its_spec_says(design: Design) -> None:
    assert Design.parse(design.spec()) == design


def test_what_a_spec_leaves_out_is_as_usual() -> None:
    assert Design.parse("kernel = 5, norm = on") == Design(kernel=5, norm=True)


@pytest.mark.parametrize("name", [*networks.NETWORKS, *(one.spec() for one in DESIGNS)])
@pytest.mark.parametrize("answers", [10, 11])
def test_its_parameters_are_those_that_keras_counts(name: str, answers: int) -> None:
    built = networks.build(name, answers)
    assert cost(networks.all_layers(name, answers)).parameters == built.count_params()
    assert built.output_shape == (None, answers)


@pytest.mark.parametrize("name", [*networks.NETWORKS, *(one.spec() for one in DESIGNS)])
def test_its_code_makes_the_same_network(name: str) -> None:
    made: dict[str, keras.Model] = {}
    exec(notebook.network_code(name, 11), made)
    expected = networks.build(name, 11)
    ours, theirs = (
        [
            {key: value for key, value in layer.get_config().items() if key != "name"}
            for layer in network.layers
        ]
        for network in (made["network"], expected)
    )
    assert ours == theirs


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_each_activation_is_one_of_keras(activation: str) -> None:
    assert keras.activations.get(activation)


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("filters=32/", "wanted: a name, or any of filters, kernel"),
        ("filters=1000", "number of filters is 1000; wanted: from 1 to 128"),
        ("filters=8/8/8/8/8", "number of convolutions is 5; wanted: from 0 to 4"),
        ("kernel=9", "kernel is 9; wanted: from 1 to 7"),
        ("dropout=nan", "dropout is nan"),
        ("dense=2000", "dense layer is 2000"),
        ("norm=yes", "There is no network “norm=yes”"),
        ("colour=red", "There is no network “colour=red”"),
        ("kernel", "There is no network “kernel”; wanted: one of"),
        ("activation=step", "There is no activation “step”"),
        ("filters=128,dense=1024", "parameters; wanted: 5,000,000 at most"),
    ],
)
def test_what_is_none_is_refused_in_a_sentence(spec: str, told: str) -> None:
    with pytest.raises(InklingError, match=told):
        networks.check(spec)


def test_a_recipe_takes_a_design_and_another_optimizer() -> None:
    recipe = Request("quick", network="filters=8,dense=32", optimizer="SGD").chosen()
    assert Design.parse(recipe.network) == Design(filters=(8,), dense=32)
    assert recipe.title == "Own network"
    optimizer = recipe.build_optimizer(100)
    assert (type(optimizer).__name__, optimizer.momentum) == ("SGD", 0.9)
    assert Request("quick", network="medium").chosen().title == "Quick"


@pytest.mark.parametrize("name", recipes.OPTIMIZERS)
def test_each_optimizer_is_built(name: str) -> None:
    recipe = Request("quick", optimizer=name).chosen()
    assert type(recipe.build_optimizer(10)).__name__ == name


def test_another_optimizer_is_refused_in_a_sentence() -> None:
    with pytest.raises(InklingError, match="There is no optimizer “Lion”; wanted: one of Adam"):
        Request("quick", optimizer="Lion").chosen()
