"""Messages from a student's process to the grader are read, whole or in parts. Bytes that are no valid message are refused."""

import ast
import json
import socket
import struct

import pytest

from autograder.audit.wire_frames import fuzz
from autograder.places import HOUSE
from autograder.sandbox.wire import WireError, frame, receive, send, unpack


def framed(data):
    return struct.pack("!I", len(data)) + data


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_messages_that_come_together_are_taken_one_by_one(pair):
    ours, theirs = pair
    for i in (1, 2):
        send(theirs, {"i": i})
    theirs.close()
    assert [receive(ours), receive(ours), receive(ours)] == [{"i": 1}, {"i": 2}, None]


def test_a_message_in_parts_goes_on_where_it_stopped(pair):
    ours, theirs = pair
    kept, sent = bytearray(), framed(json.dumps({"text": "x" * 100}).encode())
    for byte in sent[:-1]:
        theirs.send(bytes([byte]))
        with pytest.raises(BlockingIOError):
            receive(ours, socket.MSG_DONTWAIT, kept)
    theirs.send(sent[-1:])
    assert receive(ours, socket.MSG_DONTWAIT, kept) == {"text": "x" * 100}


def test_an_end_in_the_middle_is_no_message(pair):
    ours, theirs = pair
    theirs.send(framed(b'{"a": 1}')[:-1])
    theirs.close()
    assert receive(ours) is None


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"7", b"{", b"[" * 100_000, b'{"a": ' + b"9" * 10_000 + b"}", b"\xff"])
def test_what_is_no_message_is_refused(data):
    with pytest.raises(WireError):
        frame(framed(data))


def test_a_length_beyond_the_limit_is_refused_before_anything_is_read():
    with pytest.raises(WireError, match="at most"):
        frame(struct.pack("!I", 2**32 - 1))


def test_fuzzed_frames_are_taken_or_refused_and_nothing_else():
    """Each of 20,000 random messages is read or refused. `python -m autograder prove --frames 1000000` sends a million."""
    ends, problems = fuzz(20_000)
    assert problems == [] and min(ends.values()) > 1_000, ends


@pytest.mark.parametrize("shape", [[0, 2**63], [0, 2**31, 2**31], [2**40, 0, 2**40]])
def test_an_empty_array_with_an_endless_axis_is_refused(shape):
    with pytest.raises(WireError):
        unpack({"x": {"dtype": "<f4", "shape": shape, "data": ""}})


DESERIALISERS = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "marshal", "shelve", "joblib", "jsonpickle"}
CALLS = {
    "load_pickle",
    "read_pickle",
    "unsafe_load",
    "full_load",
}  # `deserialisers` also finds torch.load, np.load of objects, and yaml.load without a safe loader


def deserialisers(path):
    """Return the imports and calls in a Python file that could make objects from bytes, such as `pickle`, as texts."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.partition(".")[0] in DESERIALISERS]
        elif isinstance(node, ast.ImportFrom):
            found += [node.module] if (node.module or "").partition(".")[0] in DESERIALISERS else []
        elif isinstance(node, ast.Call):
            text = ast.unparse(node)
            name = ast.unparse(node.func)
            if (
                name.rpartition(".")[2] in CALLS
                or (name in ("torch.load", "yaml.load") and "safe" not in text)
                or "allow_pickle=True" in text
            ):
                found.append(text)
    return found


# Folders of autograder/ whose code decides or handles marks, and reads data that comes from students.
TRUSTED = ("sandbox", "submissions", "repair", "grade", "marks", "lms")


def test_the_trusted_side_makes_no_objects_from_bytes():
    found = {str(p): d for room in TRUSTED for p in (HOUSE / room).glob("*.py") if (d := deserialisers(p))}
    assert found == {}


@pytest.mark.parametrize("line", ["import pickle", "from pickle import loads", "import dill", "torch.load(f)", "yaml.load(f)",
                                  "np.load(f, allow_pickle=True)", "pd.read_pickle(f)"])  # fmt: skip
def test_the_search_for_deserialisers_finds_them(tmp_path, line):
    (tmp_path / "x.py").write_text(line)
    assert deserialisers(tmp_path / "x.py")
