"""Sends and reads the messages between the grader and a student's process.

A message is JSON, preceded by its length in bytes. Arrays in it are base64. No message is ever unpickled. A message from a
student's process is untrusted: its size is limited, and `unpack` accepts only strings and plain numeric arrays.
"""

import base64
import json
import math
import re
import socket
import struct

import numpy as np

MAX_MESSAGE = 16 << 20  # bytes
MAX_KEYS, MAX_TEXT = 1000, 200_000
PLAIN = re.compile(r"[<>|=]?(b1|[iu][1248]|f[248])")  # booleans, integers, floats; NumPy would parse other text as Python


class WireError(ValueError):
    """Raised if a message is malformed, too long or of a type that is not accepted."""


def send(sock, message):
    data = json.dumps(message).encode()
    sock.sendall(struct.pack("!I", len(data)) + data)


def frame(data, limit=MAX_MESSAGE):
    """Return (message, number of missing bytes) for `data`, the first bytes of a stream. While bytes are missing, message is None.

    Raises WireError if the message is longer than `limit` bytes, is not a JSON object, or is empty.
    """
    if len(data) < 4:
        return None, 4 - len(data)
    size = struct.unpack_from("!I", data)[0]
    if size > limit:
        raise WireError(f"a message of {size} bytes; at most {limit} are accepted")
    if len(data) < 4 + size:
        return None, 4 + size - len(data)
    try:
        message = json.loads(bytes(data[4 : 4 + size]))
    except (ValueError, RecursionError):
        raise WireError("a message that is not JSON") from None
    if not isinstance(message, dict) or not message:
        raise WireError("a message that is not an object, or an empty one")
    return message, 0


def receive(sock, flags=0, data=None):
    """Return the next message, or None at the end of the stream. No byte after the message is read. Raises WireError.

    With `flags` for a read that does not block, BlockingIOError may be raised. In this case, pass the same bytearray as `data` in
    every call: it keeps the bytes received so far, and the next call continues from there.
    """
    data = bytearray() if data is None else data
    while True:
        message, missing = frame(data)
        if message is not None:
            return message
        part = sock.recv(min(missing, 1 << 20), flags)
        if not part:
            return None
        data += part


def send_with_fds(sock, message, fds):
    socket.send_fds(sock, [b"+"], fds)
    send(sock, message)


def receive_with_fds(sock, n):
    """Return the next message and its `n` file descriptors, or (None, []) at the end of the stream.

    The descriptors come with one byte that precedes the message.
    """
    try:
        byte, fds, _, _ = socket.recv_fds(sock, 1, n)
    except ConnectionResetError:
        return None, []
    if not byte:
        return None, []
    return receive(sock), fds


def pack(observation):
    """Return an observation, {key: string or array}, for JSON: strings stay, arrays become {dtype, shape, data in base64}."""
    packed = {}
    for key, value in observation.items():
        if isinstance(value, str):
            packed[str(key)] = value[:MAX_TEXT]
            continue
        a = np.ascontiguousarray(value)
        a = a.astype(a.dtype.newbyteorder("<"), copy=False)
        packed[str(key)] = {"dtype": a.dtype.str, "shape": list(np.shape(value)), "data": base64.b64encode(a.tobytes()).decode()}
    return packed


def unpack(packed):
    """Return the observation that `pack` packed. Raises WireError if `packed`, which is untrusted, holds other types."""
    if not isinstance(packed, dict) or len(packed) > MAX_KEYS:
        raise WireError("an observation that is not an object, or has too many keys")
    observation = {}
    for key, value in packed.items():
        if isinstance(value, str) and len(value) <= MAX_TEXT:
            observation[key] = clean(value)
        else:
            observation[key] = _array(value)
    return observation


def _array(value):
    try:
        kind, shape = str(value["dtype"]), [int(n) for n in value["shape"]]
        data = base64.b64decode(value["data"], validate=True)
    except (TypeError, KeyError, ValueError, OverflowError):
        raise WireError("a value that is neither text nor an array") from None
    if not PLAIN.fullmatch(kind) or len(shape) > 8 or any(n < 0 for n in shape):
        raise WireError("an array of a type or shape that is not accepted")
    dtype = np.dtype(kind)
    if math.prod(shape) * dtype.itemsize != len(data):
        raise WireError("an array whose size is not its shape's")
    try:
        return np.frombuffer(data, dtype=dtype).reshape(shape)
    except ValueError:  # an empty array with an axis longer than NumPy allows
        raise WireError("an array of a type or shape that is not taken") from None


def clean(text):
    """Return `text` in a form that UTF-8 can encode: lone surrogates, which JSON accepts, become question marks."""
    return str(text).encode("utf-8", "replace").decode("utf-8")
