"""Kaggle's train.csv in, submission.csv out: whole files of digits at once."""

import streamlit as st
from markupsafe import Markup

from model.language import _
from ui.batch import dataset, submission, uploads
from ui.common import entrypoint, html

entrypoint.require()
st.title(_("A whole file at once"), anchor=False)
html.lead(
    Markup(
        _(
            "Drop Kaggle’s <code>test.csv</code> to have it read and get "
            "<code>submission.csv</code>, or <code>train.csv</code> to learn from it. Pictures, a "
            "zip of them, an .npz or MNIST’s own files will do too."
        )
    )
)
uploads.uploader()
for result in uploads.results():
    if isinstance(result, uploads.PredictedBatch):
        submission.show(result)
    else:
        dataset.show(result)
