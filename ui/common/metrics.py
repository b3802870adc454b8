"""What a server counts from its start, for its host: `/metrics` gives it to Prometheus."""

from prometheus_client import Counter, Histogram

STROKES = Counter("inkling_strokes", "Drawings read, while they were drawn and after each stroke")
ANSWER = Histogram(
    "inkling_answer_seconds",
    "From a message of the browser's to the answer that is sent",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
REFUSALS = Counter("inkling_refusals", "What visitors asked for and were refused, in a sentence")
TRAININGS = Counter("inkling_trainings", "Trainings that were begun or gone on with")
ERRORS = Counter("inkling_errors", "Errors of a page's script that nothing caught")
