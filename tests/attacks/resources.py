"""Attacks that use up time, memory, processes, descriptors, output or disk while the answer runs."""

from attacks.answers import RIGHT, WRONG, inside

MACHINE = {
    "a loop without end": (inside("while True:\n    pass"), {"timeout"}),
    "sleep": (inside("import time\ntime.sleep(1000)"), {"timeout"}),
    "a loop that ignores signals": (inside("import signal\nfor s in range(1, 65):\n    try:\n        signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError):\n        pass\nwhile True:\n    pass"), {"timeout"}),
    "a loop at the top of the cell": (RIGHT + "\nwhile True:\n    pass\n", {"graded"}),
    "a regular expression without end": (inside("import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')"), {"timeout"}),
    "fork bomb": (inside("import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"), {"timeout", "crashed", "memory", "not graded"}),  # "not graded": lost in all three attempts
    "thread bomb": (inside("import threading, time\nfor _ in range(10**6):\n    threading.Thread(target=time.sleep, args=(1000,)).start()"), {"graded", "timeout", "crashed", "memory"}),
    "memory hog": (inside("hog = []\nwhile True:\n    hog.append(bytearray(1 << 28))"), {"memory", "crashed", "timeout"}),
    "one giant tensor": (inside("torch.zeros(1 << 36)"), {"memory"}),
    "endless print": (inside("while True:\n    print('x' * 1000)"), {"timeout"}),
    "endless print past Python": (inside("import os\nwhile True:\n    os.write(1, b'x' * 65536)"), {"output", "timeout"}),
    "print of 10 MB a call": (RIGHT.replace("    S =", "    print('x' * 10**7)\n    S ="), {"graded"}),
    "disk filled": (inside("for i in range(10**6):\n    open(f'/scratch/{i}', 'wb').write(bytes(1 << 24))"), {"graded", "timeout"}),
    "descriptors used up": (inside("keep = [open('/dev/null') for _ in range(10**6)]"), {"graded", "timeout"}),
    "endless recursion": (inside("import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\nf()"), {"crashed", "memory", "graded", "timeout"}),
    "an endless generator as answer": ("def get_in_batch_contrastive_loss(model, batch):\n    def forever():\n        while True:\n            yield 1\n    return forever(), forever()\n", {"graded", "timeout", "crashed"}),
    "a name of a megabyte": ("def get_in_batch_contrastive_loss(model, batch):\n    raise ValueError('x' * 2**20)\n", {"graded"}),
    "memory within the sum alone": (inside("keep = torch.zeros(1 << 29)\nkeep += 1\ndel keep"), {"graded", "memory"}),
    "a parser's depth": ("x = " + "(" * 2000 + ")" * 2000 + "\n" + WRONG, {"syntax error"}),
}  # fmt: skip
