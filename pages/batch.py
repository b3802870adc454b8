"""Kaggle's train.csv in, submission.csv out: whole files of digits at once."""

import streamlit as st
from markupsafe import Markup

from ui.batch import dataset, submission, uploads
from ui.common import frame, html

frame.put_around()
st.title("A whole file at once", anchor=False)
html.lead(
    Markup(
        "Drop Kaggle’s <code>test.csv</code> to have it read and get <code>submission.csv</code>, "
        "or <code>train.csv</code> to learn from it. Pictures, a zip of them, an .npz or MNIST’s "
        "own files will do too."
    )
)
uploads.zone()
for given in uploads.latest_first():
    if isinstance(given, uploads.PredictedBatch):
        submission.show(given)
    else:
        dataset.show(given)
