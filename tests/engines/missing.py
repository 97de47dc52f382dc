"""Why a story cannot be told here."""


class NoEngine(Exception):
    """This machine lacks a browser engine; the message says how to get it."""
