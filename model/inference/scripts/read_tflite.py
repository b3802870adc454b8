"""Reads the digit in a picture: python read.py PICTURE"""

import sys
from pathlib import Path

from ai_edge_litert.interpreter import Interpreter

from model.preprocessing.ink import prepare_picture
from model.preprocessing.picture import read_picture

prepared = prepare_picture(read_picture(Path(sys.argv[1])))
if prepared.image is None:
    sys.exit(f"No digit: {prepared.reason}.")
network = Interpreter(str(Path(__file__).with_name("inkling.tflite")))
network.allocate_tensors()
network.set_tensor(network.get_input_details()[0]["index"], prepared.image[None, ..., None])
network.invoke()
answers = network.get_tensor(network.get_output_details()[0]["index"])
for digit, probability in zip([*range(10), "none"], answers[0], strict=False):
    print(f"{digit} {probability:.6f}")
