"""Messages from a student's process: whole, in parts, too long, or no message at all."""

import json
import socket
import struct

import pytest

from autograder.sandbox.wire import WireError, frame, receive, send


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
