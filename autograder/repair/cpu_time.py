"""Work on a stranger's file with an end: so much processor time, and no more."""

import contextlib
import signal
import threading


class OutOfCpuTime(BaseException):
    """Not an Exception, so that no `except Exception` on the way takes it for a fault of the file's."""


@contextlib.contextmanager
def cpu_seconds(n):
    """Raises OutOfCpuTime in the block once it has used `n` seconds of processor time.

    It is the process's time, counted in the main thread alone; where there is no such clock (Windows) or in another
    thread, nothing is limited. Blocks do not nest.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    over = []

    def stop(*_):
        over.append(True)
        raise OutOfCpuTime

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, n)
    try:
        yield
    except Exception:
        if over:  # raised while a library's own code ran, which made something else of it, such as a SystemError
            raise OutOfCpuTime from None
        raise
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
