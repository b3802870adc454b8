"""Reads the digit in a picture: python read.py PICTURE"""

import sys
from pathlib import Path

import onnxruntime

from model.preprocessing.ink import prepare_picture
from model.preprocessing.picture import read_picture

prepared = prepare_picture(read_picture(Path(sys.argv[1])))
if prepared.image is None:
    sys.exit(f"No digit: {prepared.reason}.")
network = onnxruntime.InferenceSession(Path(__file__).with_name("inkling.onnx"))
name = network.get_inputs()[0].name
answers = network.run(None, {name: prepared.image[None, ..., None]})[0]
for digit, probability in zip([*range(10), "none"], answers[0], strict=False):
    print(f"{digit} {probability:.6f}")
