"""Reads the digit in a picture: python read.py PICTURE"""

import sys
from pathlib import Path

import keras

from model.preprocessing.ink import prepare_picture
from model.preprocessing.picture import read_picture

prepared = prepare_picture(read_picture(Path(sys.argv[1])))
if prepared.image is None:
    sys.exit(f"No digit: {prepared.reason}.")
network = keras.saving.load_model(Path(__file__).with_name("inkling.keras"), compile=False)
answers = keras.ops.convert_to_numpy(network(prepared.image[None, ..., None], training=False))
for digit, probability in zip([*range(10), "none"], answers[0], strict=False):
    print(f"{digit} {probability:.6f}")
