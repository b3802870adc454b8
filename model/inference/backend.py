"""TensorFlow without its opening remarks."""

import os


def start_keras() -> None:
    """Import TensorFlow without the notes that its libraries print before it can be told not to."""
    kept = os.dup(2)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        import keras  # noqa: F401
        import tensorflow  # noqa: F401
    finally:
        os.dup2(kept, 2)
        os.close(kept)
