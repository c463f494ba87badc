"""The command `wohnlotse`, from its first moment to its last: whatever ends it, it ends with one message and a status.

What it can do stands in `training.commands`.
"""

from __future__ import annotations

import errno
import logging
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from training.failure import Failure

#: The exit status after Ctrl-C, as shells have it.
_INTERRUPTED = 130
#: What is wrong with the machine, or with our rights on it, and with no line of ours.
_OF_THE_MACHINE = (
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM),
    *(errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM),
)
_ENDING = (signal.SIGTERM, signal.SIGHUP)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; `argv`: default what the shell gave. Returns the exit status: 1 for a refusal, a regression or a
    machine that does not let us, 2 for bad input or usage, 130 after Ctrl-C."""
    try:
        # Reading all this takes a while, in which Ctrl-C may come as well.
        from training.commands import run

        status = run(argv)
        sys.stdout.flush()
        return status
    except Failure as failure:
        _tell(str(failure))
        return failure.code
    except KeyboardInterrupt:
        _tell("Broken off.")
        return _INTERRUPTED
    except BrokenPipeError:
        # Nobody reads on. Python would write what is left when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if error.errno not in _OF_THE_MACHINE:
            raise
        _tell(f"It could not be done: {error.strerror}{f' ({error.filename})' if error.filename else ''}.")
        return 1


def _tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    logging.captureWarnings(True)  # libraries that Rasa holds at old versions warn of themselves
    for each in _ENDING:
        signal.signal(each, _interrupt)
    result = main()
    for each in (signal.SIGINT, *_ENDING):  # all is said and done
        signal.signal(each, signal.SIG_IGN)
    sys.exit(result)
