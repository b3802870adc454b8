"""Ink, from a pen's path or from a picture, to 28×28 arrays made as MNIST was made.

Everything that is read goes through here: the page, the command line, the tests and the training
alike.
"""
