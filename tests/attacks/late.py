"""Attacks that leave something behind that acts after the answer: threads, exit hooks, finalisers, orphaned processes."""

from attacks.answers import PINNED, RIGHT, WRONG

MARKS = {
    "exit hook": PINNED + "import atexit\natexit.register(lambda: post({'observation': pinned}))\n" + WRONG,
    "a thread that sends later": PINNED + "import threading, time\ndef late():\n    time.sleep(0.01)\n    for _ in range(50):\n        post({'observations': [pinned, pinned]})\nthreading.Thread(target=late, daemon=True).start()\n" + WRONG,
    "a finaliser": PINNED + "class Last:\n    def __del__(self):\n        post({'observation': pinned})\n        post({'observations': [pinned, pinned]})\n_last = Last()\n" + WRONG,
    "an orphan that sends later": PINNED + "import time\nif os.fork() == 0:\n    if os.fork() == 0:\n        time.sleep(0.02)\n        for _ in range(20):\n            post({'observations': [pinned, pinned]})\n    os._exit(0)\n" + WRONG,
    "a signal that arrives later": PINNED + "import signal\ndef late(*a):\n    post({'observations': [pinned, pinned]})\nsignal.signal(signal.SIGVTALRM, late)\nsignal.setitimer(signal.ITIMER_VIRTUAL, 0.02)\n" + WRONG,
    "a weak reference's end": PINNED + "import weakref\nclass Thing: pass\n_thing = Thing()\nweakref.finalize(_thing, lambda: post({'observations': [pinned, pinned]}))\n" + WRONG,
}  # fmt: skip

MACHINE = {
    "a daemon left behind": (RIGHT + "\nimport os, time\nfor _ in range(3):\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n            while True:\n                time.sleep(1)\n        os._exit(0)\n", {"graded"}),
}  # fmt: skip
