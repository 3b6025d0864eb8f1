"""One run as the grader sees it: the messages of the student's process, what it prints, and how it ended."""

import json
import os
import select
import socket
import time

from autograder.sandbox.wire import WireError, clean, receive, send

ON_HIDDEN = "The code ran on the published inputs but failed on others of the same kind ({})."
OUTPUT_KEPT, OUTPUT_MOST = 4_000, 4 << 20  # bytes of print that are kept, and at which a run is stopped


class Lost(Exception):
    """The run was lost to the grader's machine: it says nothing about the student's code. The message says what happened."""


class Conversation:
    """One run as the grader sees it: three streams, read at once, none of them trusted for its manners."""

    def __init__(self, data, status, output, seconds):
        self.data, self.status, self.output = data, status, output
        self.deadline = time.monotonic() + seconds + 10  # the supervisor keeps the time; this is for a lost supervisor
        self.printed, self.count, self.listening = b"", 0, True
        self.ended = None  # what the supervisor told of the end, see autograder.sandbox.ended.tell

    @property
    def cpu(self):
        """Seconds of processor time that the run took, as far as it is known."""
        return (self.ended or {}).get("cpu", 0.0)

    def hold(self, request, hidden_seeds):
        """Give the student's process its work and take what comes back. Returns the fields of `Pool.run`; raises Lost."""
        result = {"status": "ran", "reason": "", "visible": None, "hidden": []}
        try:
            if self._message() is None:  # the sandbox was entered, and nothing of the student's has run
                self._raise_if_lost()
                raise Lost("the sandbox could not be entered")
            self._send(request)
            first = self._message()
            self._drain()
            self.listening = False  # from here on the process may know hidden inputs: nothing it prints is kept
            result["output"] = self.printed.decode("utf-8", "replace")
            if first and "observation" in first:
                result["visible"] = first["observation"]
                if hidden_seeds:
                    result |= self._hidden(hidden_seeds)
            else:
                result |= self._failure(first)
                if result["status"] == "timeout" and self.ended is None:
                    self._wait_for_status()  # for `cpu`
        except WireError as e:
            result |= {"status": "crashed", "reason": f"The answer could not be read: {e}."}
        finally:
            self.close()
        return result

    def close(self):
        self.data.close()
        self.status.close()
        os.close(self.output)

    def _hidden(self, seeds):
        """From here on the process may know hidden inputs: how it ended is told, its own words, or numbers, are not."""
        self._send({"seeds": seeds})
        try:
            second = self._message()
        except WireError:
            status = "crashed"
        else:
            observations = second.get("observations") if second else None
            if isinstance(observations, list) and len(observations) == len(seeds):
                return {"hidden": observations}
            status = self._failure(second)["status"]
        return {"status": status, "reason": ON_HIDDEN.format(status)}

    def _send(self, message):
        try:
            self.data.settimeout(5)
            send(self.data, message)
        except OSError:
            pass  # it has ended; the next read tells how
        finally:
            self.data.settimeout(None)

    def _message(self):
        """Return the next message from the student's process, or None when it has ended."""
        data = bytearray()
        poll = select.poll()
        for fd in (self.data, self.output, self.status):
            poll.register(fd, select.POLLIN | select.POLLHUP)
        while True:
            left = self.deadline - time.monotonic()
            if left <= 0:
                self.ended = self.ended or {"lost": "it sent nothing more"}
                return None
            ready = {fd for fd, _ in poll.poll(left * 1000)}
            if self.output in ready and not self._read_output():
                poll.unregister(self.output)
            if self.count > OUTPUT_MOST:
                self.ended = {"output": True}
                return None
            if self.data.fileno() in ready:
                part = self._receive_some(data)
                if part is None:
                    poll.unregister(self.data)
                    if self.ended is not None:
                        return None
                elif part:
                    return part
            if self.status.fileno() in ready:
                self._read_status()
                poll.unregister(self.status)
                # What was sent before the end is still in the socket.
                while (part := self._receive_some(data)) == {}:
                    pass
                return part

    def _receive_some(self, data):
        """{} while a message is incomplete, the message when it is whole, None at the end of the stream."""
        try:
            return receive(self.data, socket.MSG_DONTWAIT, data)
        except BlockingIOError:
            return None if self.ended is not None else {}
        except OSError:
            return None

    def _read_output(self):
        data = os.read(self.output, 1 << 16)
        self.count += len(data)
        if self.listening and len(self.printed) < OUTPUT_KEPT:
            self.printed = (self.printed + data)[:OUTPUT_KEPT]
        return bool(data)

    def _drain(self):
        poll = select.poll()
        poll.register(self.output, select.POLLIN)
        while self.count <= OUTPUT_MOST and poll.poll(0) and self._read_output():
            pass

    def _read_status(self):
        try:
            self.ended = json.loads(self.status.recv(4096, socket.MSG_DONTWAIT) or b"{}")
        except (OSError, ValueError):
            self.ended = {}

    def _failure(self, message):
        """Status and reason of a run that did not give its observation."""
        if message and isinstance(message.get("failed"), str):
            status = message["failed"] if message["failed"] in ("missing", "syntax error", "crashed", "timeout") else "crashed"
            return {"status": status, "reason": clean(message.get("reason", ""))[:500]}
        if message:
            return {"status": "crashed", "reason": "The process sent something other than its results."}
        self._raise_if_lost()
        ended = self.ended
        if ended.get("output"):
            return {"status": "output", "reason": f"The code printed more than {OUTPUT_MOST >> 20} MB and was stopped."}
        if ended.get("timeout") or ended.get("signal") == 24:  # SIGXCPU
            return {"status": "timeout", "reason": "The code did not finish in time: is there an endless loop?"}
        if ended.get("memory") or ended.get("exit") == 72:
            return {"status": "memory", "reason": "The process was stopped because it asked for too much memory."}
        if "signal" in ended:
            return {"status": "crashed", "reason": f"Python crashed with signal {ended['signal']}."}
        return {"status": "crashed", "reason": "The code ended the Python process (os._exit, or a crash of the interpreter)."}

    def _raise_if_lost(self):
        """Raises Lost unless the supervisor told of an end that the student's code can have brought about."""
        if self.ended is None:
            self._wait_for_status()
        if not self.ended:
            raise Lost("the process that watches over it ended")
        if "lost" in self.ended:
            raise Lost(str(self.ended["lost"]))
        if self.ended.get("signal") == 9:  # not by the supervisor, which says why it ends a run
            raise Lost("the system ended its process, most likely because memory had run out")

    def _wait_for_status(self):
        poll = select.poll()
        poll.register(self.status, select.POLLIN | select.POLLHUP)
        if poll.poll(max(0.0, self.deadline - time.monotonic()) * 1000):
            self._read_status()
        else:
            self.ended = {"lost": "it sent nothing more"}
