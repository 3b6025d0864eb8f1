"""The grader's side of one run: exchanges messages with the student's process, reads its output, and learns how it ended."""

import json
import os
import select
import socket
import time

from autograder.sandbox.wire import WireError, clean, receive, send

ON_HIDDEN = "The code ran on the published inputs but failed on others of the same kind ({})."
OUTPUT_KEPT, OUTPUT_MOST = 4_000, 4 << 20  # bytes of printed output: the number kept, and the number at which a run is stopped


class Lost(Exception):
    """Raised if a run failed because of the grader's machine, not of the student's code. The message says what happened."""


class Conversation:
    """The grader's side of one run. It reads three streams at once and trusts none of them.

    data     socket for the messages to and from the student's process
    status   socket on which the supervisor, the process that watches the run, reports how the run ended
    output   pipe with what the student's process prints
    seconds  time limit of the run
    """

    def __init__(self, data, status, output, seconds):
        self.data, self.status, self.output = data, status, output
        self.deadline = time.monotonic() + seconds + 10  # later than the supervisor's limit, in case the supervisor was lost
        self.printed, self.count, self.listening = b"", 0, True
        self.ended = None  # what the supervisor reported about the end, see autograder.sandbox.exit_report.tell

    @property
    def cpu(self):
        """The processor time of the run in seconds, or 0.0 if it is not known."""
        return (self.ended or {}).get("cpu", 0.0)

    def hold(self, request, hidden_seeds):
        """Make the run and return the same dict as `Pool.run`, without the key "isolation". Raises Lost.

        request       the first message to send, with the student's code and the published seed
        hidden_seeds  the seeds to send after the process has returned its observation for the published seed
        """
        result = {"status": "ran", "reason": "", "visible": None, "hidden": []}
        try:
            if self._message() is None:  # the first message says that the sandbox was entered; no code of the student has run yet
                self._raise_if_lost()
                raise Lost("the sandbox could not be entered")
            self._send(request)
            first = self._message()
            self._drain()
            self.listening = False  # from here on the process may know hidden inputs, so nothing that it prints is kept
            result["output"] = self.printed.decode("utf-8", "replace")
            if first and "observation" in first:
                result["visible"] = first["observation"]
                if hidden_seeds:
                    result |= self._hidden(hidden_seeds)
            else:
                result |= self._failure(first)
                if result["status"] == "timeout" and self.ended is None:
                    self._wait_for_status()  # which sets `cpu`
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
        """Send the hidden seeds and return the fields of the result that the runs on hidden inputs add or replace.

        From here on the process may know hidden inputs. If the process fails, the result only says how it ended, and holds no text
        or number that the process sent.
        """
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
            pass  # the process has ended; the next read shows how
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
                # The socket still holds what the process sent before it ended.
                while (part := self._receive_some(data)) == {}:
                    pass
                return part

    def _receive_some(self, data):
        """Return the next message if all of it has arrived, {} if not yet, and None if no further message can come.

        `data`, a bytearray, holds the bytes received so far.
        """
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
        """Return the keys "status" and "reason" for a run that sent no observations. `message` is what it sent instead, or None."""
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
        """Raise Lost unless the supervisor reported an end that the student's code may have caused."""
        if self.ended is None:
            self._wait_for_status()
        if not self.ended:
            raise Lost("the process that watches over it ended")
        if "lost" in self.ended:
            raise Lost(str(self.ended["lost"]))
        if self.ended.get("signal") == 9:  # not sent by the supervisor, which reports why it ends a run
            raise Lost("the system ended its process, most likely because memory had run out")

    def _wait_for_status(self):
        poll = select.poll()
        poll.register(self.status, select.POLLIN | select.POLLHUP)
        if poll.poll(max(0.0, self.deadline - time.monotonic()) * 1000):
            self._read_status()
        else:
            self.ended = {"lost": "it sent nothing more"}
