"""Keeps what citizens write out of the log: Rasa prints errors whole, and their messages quote the conversation."""

from __future__ import annotations

import logging
import traceback

#: Those of Rasa's loggers that print an error with its message. The processor's holds the answer of the action server,
#: which on a failure is the whole conversation; the tracker store's holds the SQL parameters, which are the message.
_TALKATIVE = ("rasa.core.processor", "rasa.core.tracker_store")


def keep_texts_out_of_the_log() -> None:
    """From now on Rasa's error lines name the kind and the place of an error only. Doing it twice does no harm."""
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_shortened)


def cause(error: BaseException) -> str:
    """Kind and place of the innermost error, without its message: that may quote the citizen."""
    error = innermost(error)
    frames = traceback.extract_tb(error.__traceback__)
    return type(error).__name__ + (f" in {frames[-1].filename}:{frames[-1].lineno}" if frames else "")


def innermost(error: BaseException) -> BaseException:
    """The error that all others were raised from."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _shortened(record: logging.LogRecord) -> bool:
    line = record.getMessage().partition("\n")[0]  # SQLAlchemy writes statement and parameters on lines of their own
    error = record.exc_info[1] if record.exc_info else None
    record.msg, record.args = f"{line} {cause(error)}" if error else line, ()
    record.exc_info = record.exc_text = None
    return True
