"""Everything of Inkling that is not a page: ink, data, networks, training, answers."""

import os

# TensorFlow prints notes on the CPU's features when it starts; they help nobody here.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
