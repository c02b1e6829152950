"""`codemod-bot` as a child that does not outlive the process that began it.

A service that is killed would leave its looks at work, while another process, or itself
after a restart, begins them again.

    python -m bot.service.tethered PARENT ARGUMENTS...
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def tie(parent: int) -> None:
    """End with the parent, by its process id; on Linux only, there is no way elsewhere.

    Linux means the thread that began this process, which is one of dbos's pool: these
    end with their process.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("codemod-bot: the service has ended")


def main() -> int:
    tie(int(sys.argv[1]))
    from bot.cli import main as command

    return command(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
