"""What people drew and what they meant by it: look through it, mend it, learn from it."""

import streamlit as st

from model.data.samples import NO_DIGIT
from model.errors import InklingError
from ui.common import drawing_store, entrypoint, formatting, html, permissions
from ui.drawings import album, fine_tuning

entrypoint.require()
st.title("Drawings", anchor=False)
html.lead(
    "Under each answer on the Draw page you can say what you drew. What was saved is here, without "
    "anybody’s name, and the network can learn from it."
)
if not permissions.may_save():
    st.info("Saving drawings is switched off here.", icon=":material/visibility_off:")
with st.container():
    may_retrain = permissions.may_retrain()
    may_manage = permissions.may_manage()
try:
    store = drawing_store.store()
    counts, wrong = store.counts(), store.counts(wrong=True)
    digits = sum(n for label, n in counts.items() if label != NO_DIGIT)
    fine_tuning.show(digits, may_retrain, may_manage)
    with st.container():
        album.message()
    st.header(formatting.count(sum(counts.values()), "drawing"), anchor=False)
    if counts:
        chosen = album.filters(counts, wrong)
        of_them = wrong if chosen.wrong else counts
        labels = of_them if chosen.label is None else [chosen.label]
        album.show(chosen, sum(of_them.get(label, 0) for label in labels), may_manage)
    else:
        st.page_link("pages/draw.py", label="Draw a digit", icon=":material/draw:")
    album.files(counts, may_manage and permissions.may_save())
except InklingError as error:
    st.error(formatting.plain(error), icon=":material/error:")
