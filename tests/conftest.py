from hypothesis import settings

# A machine that has other work too is no fault of the code's.
settings.register_profile("inkling", deadline=None)
settings.load_profile("inkling")
