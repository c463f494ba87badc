"""What may go wrong without being a mistake of ours: told in one message, never with a traceback."""

from __future__ import annotations


class Failure(Exception):
    """A refusal or a regression, or something outside that is not as it should be. The message says what to do.

    `code`: the exit status of the command line.
    """

    code = 1


class BadInput(Failure):
    """What was given to the command cannot be used."""

    code = 2
