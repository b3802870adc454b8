"""The least that a Streamlit app with a canvas can do: say how many strokes were drawn."""

import streamlit as st
from streamlit_drawable_canvas import st_canvas

with st.container(key="canvas"):
    drawing = st_canvas(key="sheet", width=400, height=400).json_data or {"objects": []}
with st.container(key="answer"):
    st.html(f"<p>{len(drawing['objects'])} strokes</p>")
