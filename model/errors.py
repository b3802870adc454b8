"""The one error that is meant for people."""


class InklingError(Exception):
    """Something the user gave can't be used; the message is one sentence for them.

    It says what was given, what is wrong with it and what is wanted. The page shows it as it
    stands; the command line prints it as one line and exits with status 2. Every other
    exception is a bug.
    """
