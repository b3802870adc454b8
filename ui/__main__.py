"""`python -m ui [STREAMLIT OPTION…]`: serve the app, ready for its first visitor.

`streamlit run app.py` serves the same pages, but imports these only when the first page is asked
for, which then takes half a second longer, and tells a host nothing.
"""

import os
import sys

import cv2  # noqa: F401
import numpy as np  # noqa: F401
import pandas as pd  # noqa: F401  (Streamlit's, for every component)
import PIL.Image  # noqa: F401
from streamlit.web.cli import main

from ui import APP

# TensorFlow takes oneDNN on some processors: with it a single image takes twice as long. A training
# has it switched on again, see model/training/jobs.py.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
main(["run", str(APP / "asgi.py"), *sys.argv[1:]], prog_name="streamlit")
