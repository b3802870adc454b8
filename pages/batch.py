"""Kaggle's train.csv in, submission.csv out: whole files of digits at once."""

import streamlit as st

from ui.batch import dataset, submission, uploads
from ui.common import frame

frame.put_around()
st.title("A whole file at once", anchor=False)
st.html(
    '<p class="lead">Drop Kaggle’s <code>test.csv</code> to have it read and get '
    "<code>submission.csv</code>, or <code>train.csv</code> to learn from it. Pictures, a zip of "
    "them, an .npz or MNIST’s own files will do too.</p>"
)
uploads.zone()
for given in uploads.latest_first():
    if isinstance(given, uploads.PredictedBatch):
        submission.show(given)
    else:
        dataset.show(given)
