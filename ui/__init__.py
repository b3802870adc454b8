"""What the pages share of the page itself; all that is not Streamlit's is in `model`."""
