"""Attacks that send the grader messages that are forged, broken, or sent at the wrong time."""

from attacks.answers import PINNED, WRONG, inside

MARKS = {
    "pack replaced": PINNED + "import autograder.sandbox.runner as r\nr.pack = lambda o: pinned\n" + WRONG,
    "messages written to the socket": PINNED + "post({'observation': pinned})\npost({'observations': [pinned, pinned]})\nos._exit(0)\n" + WRONG,
    "messages written, then killed": PINNED + "post({'observation': pinned})\npost({'observations': [pinned, pinned]})\nimport time\ntime.sleep(0.2)\nos.kill(os.getpid(), 9)\n" + WRONG,
    "a message with marks": PINNED + "post({'points': 100, 'status': 'graded', 'tests': []})\n" + WRONG,
    "hidden answered before it is asked": PINNED + "post({'observation': pinned, 'observations': [pinned, pinned], 'hidden': [pinned]})\n" + WRONG,
    "empty observations": PINNED + "post({'observation': {}})\npost({'observations': [{}, {}]})\nos._exit(0)\n" + WRONG,
    "too few hidden observations": PINNED + "post({'observation': pinned})\npost({'observations': []})\nos._exit(0)\n" + WRONG,
    "status pipe looked for": PINNED + "for fd in range(64):\n    if fd not in (0, 1, 2, 3):\n        try:\n            os.write(fd, b'{\"exit\": 0}')\n        except OSError:\n            pass\n" + WRONG,
    "two messages in one write": PINNED + "a, b = (json.dumps(m).encode() for m in ({'observation': pinned}, {'observations': [pinned, pinned]}))\nos.write(3, struct.pack('!I', len(a)) + a + struct.pack('!I', len(b)) + b)\n" + WRONG,
    "a message in pieces, and half of the next": PINNED + "a = json.dumps({'observation': pinned}).encode()\na = struct.pack('!I', len(a)) + a\nfor i in range(0, len(a), 997):\n    os.write(3, a[i : i + 997])\nos.write(3, b'xx')\nos._exit(0)\n" + WRONG,
    "the sandbox entered twice": PINNED + "post({'entered': True})\n" + WRONG,
}  # fmt: skip

MACHINE = {
    "a message without end": (PINNED + inside("os.write(3, struct.pack('!I', 4 * 10**9))\nwhile True:\n    os.write(3, b'x' * 65536)"), {"crashed", "timeout"}),
    "not JSON": (PINNED + "post(b'\\xff\\xfe{')\n" + WRONG, {"crashed"}),
    "deeply nested JSON": (PINNED + "post(b'{\"observation\":' + b'[' * 10**6 + b']' * 10**6 + b'}')\n" + WRONG, {"crashed"}),
    "an observation of objects": (PINNED + "post({'observation': {'plain.loss': {'dtype': 'O', 'shape': [1], 'data': 'AAAAAAAAAAA='}}})\n" + WRONG, {"crashed"}),
    "a type that is a program": (PINNED + "wrong = {k: {'dtype': '(1,,)f4', 'shape': [1], 'data': 'AAAAAA=='} for k in pinned}\npost({'observation': wrong})\npost({'observations': [wrong, wrong]})\nos._exit(0)\n" + WRONG, {"crashed"}),
    "the socket closed": (inside("import os\nos.close(3)"), {"crashed"}),
    "shapes that do not fit": (PINNED + "post({'observation': {k: {'dtype': '<f4', 'shape': [-1, 10**18], 'data': ''} for k in pinned}})\n" + WRONG, {"crashed"}),
    "values of other kinds": (PINNED + "post({'observation': {k: [None, {'a': []}] for k in pinned}})\n" + WRONG, {"crashed"}),
    "lone surrogates": (PINNED + "post({'failed': 'crashed', 'reason': chr(0xD800) * 10})\n" + WRONG, {"crashed"}),
}  # fmt: skip
