"""Limits the processor time that a block of code may use, for work on untrusted files."""

import contextlib
import signal
import threading

# After the limit, the signal is sent again every AGAIN seconds. One signal is not enough: if it arrives in a callback of the
# garbage collector, Python drops the error that the handler raises.
AGAIN = 0.5


class OutOfCpuTime(BaseException):
    """Raised when a block has used up its processor time. It is no subclass of Exception: `except Exception` does not catch it."""


@contextlib.contextmanager
def cpu_seconds(n):
    """Context manager that raises OutOfCpuTime in its block once the process has spent `n` seconds of processor time there.

    The limit works only in the main thread, and only on systems with a timer for processor time (Windows has none). Elsewhere
    the block runs without a limit. Blocks cannot be nested.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    over, ended = [], []

    def stop(*_):
        over.append(True)
        if not ended:
            raise OutOfCpuTime

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, n, AGAIN)
    try:
        yield
    except Exception:
        if over:  # a library may turn OutOfCpuTime into another error, such as a SystemError
            raise OutOfCpuTime from None
        raise
    finally:
        ended.append(True)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    if over:
        raise OutOfCpuTime
