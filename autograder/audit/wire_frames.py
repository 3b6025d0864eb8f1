"""Tests autograder.sandbox.wire, which reads the messages of a student's process, with fuzzed messages.

A frame is the bytes of one message. A fuzzed frame is a well-formed frame with a few random changes: bits that are flipped, bytes
that are cut out or inserted, a wrong length, fields of the JSON with values of other types. Within SLOW seconds, `wire.frame` must
return a message, say that the frame is incomplete, or raise WireError, and `wire.unpack` must return only text and arrays of numbers.
Any other exception is a problem. Nothing in a frame may be executed: wire uses no deserialiser of objects, which
tests/sandbox/test_wire.py tests.
"""

import copy
import json
import random
import struct
import time

import numpy as np

from autograder.sandbox.wire import WireError, frame, pack, unpack

SLOW = 1.0  # a frame that takes more seconds is a problem; usually a frame takes some microseconds
ODD = (None, True, -1, 0, 2**63, 10**30, 1e308, float("nan"), "", "x" * 50, "O", "(1,,)f4", "<f4", "|S8", "<M8[s]", [], {}, [[]], [-1],
       [2**40], [1] * 40, "AAAA", "=" * 8, "\ud800", {"dtype": "O"}, {"a": {"b": []}})  # fmt: skip


def seeds_of_frames():
    """Return a list of well-formed messages (dicts), from which the fuzzed frames are made."""
    rng = np.random.default_rng(0)
    arrays = {
        "plain.loss": rng.random(3),
        "plain.ids": np.arange(4),
        "kept": np.array([True]),
        "text": "some text",
        "none": np.zeros((0, 3)),
    }
    packed = pack(arrays)
    return [{"observation": packed}, {"observations": [packed, packed]}, {"failed": "crashed", "reason": "no"}, {"entered": True}]


def fuzzed(rng, messages):
    """Return one fuzzed frame as bytes.

    rng       random.Random that makes the choices
    messages  the list that `seeds_of_frames` returns
    """
    message = copy.deepcopy(rng.choice(messages))
    for _ in range(rng.randrange(3)):
        _change_field(rng, message)
    data = bytearray(json.dumps(message).encode())
    for _ in range(rng.choice((0, 0, 0, 1, 3))):
        _change_bytes(rng, data)
    size = rng.choice((len(data),) * 6 + (0, 1, max(0, len(data) - 1), len(data) + 1, 2**24, 2**32 - 1))
    return struct.pack("!I", size) + bytes(data)


def _change_field(rng, message):
    """Replace one value or one key at a random place in `message`, in place."""
    place = message
    while True:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        if not keys:
            return
        key = rng.choice(list(keys))
        if isinstance(place[key], (dict, list)) and rng.random() < 0.7:
            place = place[key]
            continue
        if isinstance(place, dict) and rng.random() < 0.2:
            place[rng.choice(("dtype", "shape", "data", "", "\u0000", key * 2))] = place.pop(key)
        else:
            place[key] = copy.deepcopy(rng.choice(ODD))
        return


def _change_bytes(rng, data):
    at = rng.randrange(len(data) + 1)
    kind = rng.randrange(4)
    if kind == 0:
        data[at:at] = rng.randbytes(rng.randrange(1, 5))
    elif kind == 1:
        del data[at : at + rng.randrange(1, 9)]
    elif kind == 2:
        data[at:at] = rng.choice((b"[" * 50, b"{", b'"', b"9" * 400, b"NaN", b"\xff"))
    elif data:
        data[at % len(data)] ^= 1 << rng.randrange(8)


def fuzz(count, seed=0):
    """Read `count` fuzzed frames. Return a dictionary that counts the results of `_sent`, and a list of problems (sentences)."""
    rng, messages = random.Random(seed), seeds_of_frames()
    ends, problems = dict.fromkeys(("taken", "incomplete", "refused"), 0), []
    for number in range(count):
        data, begun = fuzzed(rng, messages), time.perf_counter()
        try:
            ends[_sent(data)] += 1
        except Exception as e:
            problems.append(f"frame {number} of seed {seed}: {type(e).__name__}: {e}")
        if (took := time.perf_counter() - begun) > SLOW:
            problems.append(f"frame {number} of seed {seed} took {took:.1f} s")
    return ends, problems


def _sent(data):
    """Read the frame `data` with autograder.sandbox.wire. Return "taken", "incomplete" or "refused"."""
    try:
        message, _ = frame(data)
        if message is None:
            return "incomplete"
        observations = message.get("observations")
        for packed in [message.get("observation"), *(observations if isinstance(observations, list) else ())]:
            if packed is not None:
                for value in unpack(packed).values():
                    if not (isinstance(value, str) or value.dtype.kind in "biuf"):
                        raise TypeError(f"an array of type {value.dtype}")
        return "taken"
    except WireError:
        return "refused"
