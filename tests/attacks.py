"""Hostile answers to exercise 4.1: attempts on marks, on secrets, on the grader and on the machine.

Each is the text of an exercise cell. `WRONG` is an honest wrong answer; an attack on marks that starts from it must not
get more than it. An attack that steals something puts what it found behind LOOT, in whatever it can reach: its output,
its results, an error message; the tests look for it there.
"""

LOOT = "loot:"

WRONG = """
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    return F.cross_entropy(S, torch.zeros_like(labels), reduction="sum"), (S.argmax(0)[:1] == 0).sum() + 17
"""

RIGHT = """
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    return F.cross_entropy(S, labels), (S.argmax(1) == labels).sum()
"""

PINNED = """
import json, os, struct, sys
from dpr_course.checks import CHECKS
from dpr_course.checks.expected import load_expected
from autograder.sandbox.wire import pack
pinned = pack(load_expected("get_in_batch_contrastive_loss")[0])

def post(message):
    data = message if isinstance(message, bytes) else json.dumps(message).encode()
    os.write(3, struct.pack("!I", len(data)) + data)
"""


def inside(body):
    """An answer that does `body` when it is called, then answers wrongly."""
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return f"{WRONG}\n_wrong = get_in_batch_contrastive_loss\n\ndef get_in_batch_contrastive_loss(model, batch):\n{lines}    return _wrong(model, batch)\n"


MARKS = {
    "comparisons always true": "import numpy as np\nnp.array_equal = np.allclose = lambda *a, **k: True\ntorch.equal = torch.allclose = lambda *a, **k: True\n" + WRONG,
    "assert and isfinite patched": "import numpy as np\nnp.testing.assert_allclose = lambda *a, **k: None\nnp.isfinite = lambda x: np.ones_like(x, bool)\n" + WRONG,
    "observe returns the pinned values": PINNED + "import copy\nfrom dpr_course.checks.loss import InBatchLoss\nInBatchLoss.observe = lambda self, objects, seed: load_expected('get_in_batch_contrastive_loss')[0]\n" + WRONG,
    "judge and tests replaced": "from dpr_course.checks import CHECKS, core\ncore.difference = lambda *a, **k: None\nfor c in CHECKS.values():\n    type(c).tests = ()\n" + WRONG,
    "points of the tests raised": "from dpr_course.checks import CHECKS\nfor c in CHECKS.values():\n    for t in c.tests:\n        object.__setattr__(t, 'points', 1000)\n" + WRONG,
    "pack replaced": PINNED + "import autograder.sandbox.runner as r\nr.pack = lambda o: pinned\n" + WRONG,
    "runner's observe replaced": PINNED + "import autograder.sandbox.runner as r\nr.observe = lambda *a: pinned\n" + WRONG,
    "messages written to the socket": PINNED + "post({'observation': pinned})\npost({'observations': [pinned, pinned]})\nos._exit(0)\n" + WRONG,
    "messages written, then killed": PINNED + "post({'observation': pinned})\npost({'observations': [pinned, pinned]})\nimport time\ntime.sleep(0.2)\nos.kill(os.getpid(), 9)\n" + WRONG,
    "a message with marks": PINNED + "post({'points': 100, 'status': 'graded', 'tests': []})\n" + WRONG,
    "hidden answered before it is asked": PINNED + "post({'observation': pinned, 'observations': [pinned, pinned], 'hidden': [pinned]})\n" + WRONG,
    "empty observations": PINNED + "post({'observation': {}})\npost({'observations': [{}, {}]})\nos._exit(0)\n" + WRONG,
    "too few hidden observations": PINNED + "post({'observation': pinned})\npost({'observations': []})\nos._exit(0)\n" + WRONG,
    "status pipe looked for": PINNED + "for fd in range(64):\n    if fd not in (0, 1, 2, 3):\n        try:\n            os.write(fd, b'{\"exit\": 0}')\n        except OSError:\n            pass\n" + WRONG,
    "an object equal to everything": "class Any(float):\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n    __hash__ = None\n    def __array__(self, *a, **k):\n        import sys, numpy as np\n        return np.array(0.0)\n\ndef get_in_batch_contrastive_loss(model, batch):\n    return Any(), Any()\n",
    "a tensor with its own arithmetic": "class T(torch.Tensor):\n    @classmethod\n    def __torch_function__(cls, f, t, a=(), k=None):\n        return torch.zeros(())\n\ndef get_in_batch_contrastive_loss(model, batch):\n    return torch.zeros(()).as_subclass(T), torch.zeros(()).as_subclass(T)\n",
    "not a number everywhere": "def get_in_batch_contrastive_loss(model, batch):\n    X, Y = model(*batch[:4])\n    return (X.sum() + Y.sum()) * float('nan'), float('nan')\n",
    "infinite everywhere": "def get_in_batch_contrastive_loss(model, batch):\n    X, Y = model(*batch[:4])\n    return (X.sum() + Y.sum()) * float('inf'), float('inf')\n",
    "display hook": "import sys\nsys.displayhook(100.0)\nprint(100.0)\n" + WRONG,
    "the caller's frames searched": inside("import sys\nf = sys._getframe()\nfound = {}\nwhile f:\n    found.update({k: v for k, v in f.f_locals.items() if k in ('expected', 'want', 'reference')})\n    f = f.f_back\nif found:\n    print('loot:', found)"),
    "everything alive searched": inside("import gc, types\nfor o in gc.get_objects():\n    if isinstance(o, types.FunctionType) and o.__name__ == 'get_in_batch_contrastive_loss' and o.__code__ not in (get_in_batch_contrastive_loss.__code__, _wrong.__code__):\n        return o(model, batch)"),
    "the reference imported": "try:\n    from autograder.stages.source import load_reference\n    get_in_batch_contrastive_loss = load_reference()['get_in_batch_contrastive_loss']\nexcept BaseException:\n    pass\nif 'get_in_batch_contrastive_loss' not in globals():" + WRONG.replace("\n", "\n    "),
    "the answer taken from a later stage": "import pathlib, re\nfor p in pathlib.Path('/').rglob('previous.py'):\n    if 'get_in_batch_contrastive_loss' in p.read_text():\n        exec(p.read_text())\n        break\nelse:" + WRONG.replace("\n", "\n    "),
    "seeds fixed": "import numpy as np\n_g = np.random.default_rng\nnp.random.default_rng = lambda *a: _g(0)\n" + WRONG,
    "inputs made trivial": "import dpr_course.checks.loss as l\nl.dyadic = lambda rng, *shape, **k: torch.zeros(*shape)\nl._draw = lambda rng, labels, N, *a: (torch.zeros(len(labels), 8), torch.zeros(N, 8))\n" + WRONG,
    "exit hook": PINNED + "import atexit\natexit.register(lambda: post({'observation': pinned}))\n" + WRONG,
    "a thread that sends later": PINNED + "import threading, time\ndef late():\n    time.sleep(0.01)\n    for _ in range(50):\n        post({'observations': [pinned, pinned]})\nthreading.Thread(target=late, daemon=True).start()\n" + WRONG,
    "inputs of the check all zero": "_tensor = torch.tensor\ntorch.tensor = lambda x, *a, **k: _tensor(x, *a, **k) * 0\n" + WRONG,
    "names of the check emptied": "from dpr_course.checks import CHECKS\nfor c in CHECKS.values():\n    type(c).names = ()\n" + WRONG,
    "two messages in one write": PINNED + "a, b = (json.dumps(m).encode() for m in ({'observation': pinned}, {'observations': [pinned, pinned]}))\nos.write(3, struct.pack('!I', len(a)) + a + struct.pack('!I', len(b)) + b)\n" + WRONG,
    "a message in pieces, and half of the next": PINNED + "a = json.dumps({'observation': pinned}).encode()\na = struct.pack('!I', len(a)) + a\nfor i in range(0, len(a), 997):\n    os.write(3, a[i : i + 997])\nos.write(3, b'xx')\nos._exit(0)\n" + WRONG,
    "the sandbox entered twice": PINNED + "post({'entered': True})\n" + WRONG,
}  # fmt: skip

SECRETS = {
    "hidden seeds printed": inside("import sys\nf = sys._getframe()\nwhile f:\n    if 'seed' in f.f_locals:\n        print('loot:', f.f_locals['seed'], flush=True)\n        import os\n        os.write(1, f\"loot:{f.f_locals['seed']}\".encode())\n    f = f.f_back"),
    "hidden seeds in an error": inside("import sys\nf = sys._getframe()\nwhile f:\n    if 'seed' in f.f_locals:\n        raise type(f\"loot_{f.f_locals['seed']}\", (ValueError,), {})(f\"loot:{f.f_locals['seed']}\")\n    f = f.f_back"),
    "hidden seeds in a reason": PINNED + inside("import sys\nf = sys._getframe()\nwhile f:\n    if isinstance(f.f_locals.get('seeds'), dict):\n        post({'failed': 'crashed', 'reason': 'loot:' + str(f.f_locals['seeds'])})\n        os._exit(0)\n    f = f.f_back"),
    "hidden seeds in the size of a message": PINNED + inside("import sys\nf = sys._getframe()\nwhile f:\n    if isinstance(f.f_locals.get('seeds'), dict):\n        os.write(3, b'\\xff\\xff\\xff\\xfe')\n        os._exit(0)\n    f = f.f_back"),
    "later answers in this process's memory": f"wanted = bytes(b ^ 1 for b in {bytes(b ^ 1 for b in b'copies[torch.arange(len(labels)), labels]')})\nimport ctypes\nfor line in open('/proc/self/maps'):\n    fields = line.split()\n    start, end = (int(x, 16) for x in fields[0].split('-'))\n    if 'r' not in fields[1] or fields[5:] and fields[5].startswith(('/', '[v')) or end - start > 1 << 29:\n        continue\n    data = ctypes.string_at(start, end - start)\n    at = data.find(wanted)\n    while at > 0:\n        if data[at - 1] == 32:\n            print('loot:', fields)\n        at = data.find(wanted, at + 1)\n" + WRONG,
    "solutions on disk": "import os\nfor folder, _, files in os.walk('/'):\n    if folder.startswith(('/proc', '/usr', '/dev')) or 'site-packages' in folder:\n        continue\n    for name in files:\n        if name.endswith(('.ipynb', '.db')) or name in ('secret_seed', '04_in_batch_loss.py', 'gradebook.py', 'gradebook.db'):\n            print('loot:', folder, name)\n" + WRONG,
    "the environment": "import os\nfor k, v in os.environ.items():\n    if '_TOKEN' in k or 'SECRET' in k or 'PASSWORD' in k:\n        print('loot:', k, v)\n" + WRONG,
    "other processes": "import os\nothers = [p for p in os.listdir('/proc') if p.isdigit() and int(p) > 3]\nif others:\n    print('loot:', others)\n" + WRONG,
    "the parent's memory": "import os\ntry:\n    print('loot:', open(f'/proc/{os.getppid()}/maps').read()[:100])\nexcept OSError:\n    pass\n" + WRONG,
    "descriptors left open": "import os\nfor fd in range(4, 1024):\n    try:\n        os.fstat(fd)\n        print('loot:', fd)\n    except OSError:\n        pass\n" + WRONG,
    "the home folder": "import os\nfor p in ('/root', '/home'):\n    try:\n        for name in os.listdir(p):\n            if not name.startswith('.pyenv'):\n                print('loot:', p, name)\n    except OSError:\n        pass\n" + WRONG,
    "git's objects": "import pathlib\nfor p in pathlib.Path('/').glob('*/*/.git'):\n    print('loot:', p)\n" + WRONG,
}  # fmt: skip

# What each must end as. The machine must be as it was, and nothing may be left running.
MACHINE = {
    "os._exit": (inside("import os\nos._exit(0)"), {"crashed"}),
    "os._exit with a code of the grader's": ("import os\nos._exit(70)\n" + WRONG, {"crashed"}),
    "the same when it is called": (inside("import os\nos._exit(70)"), {"crashed"}),
    "quit": (inside("quit()"), {"crashed", "graded"}),
    "sys.exit": (inside("import sys\nsys.exit(3)"), {"crashed"}),
    "segmentation fault": (inside("import ctypes\nctypes.string_at(0)"), {"crashed"}),
    "abort": (inside("import os\nos.abort()"), {"crashed"}),
    "kill everything": (inside("import os\nos.kill(-1, 9)"), {"crashed", "graded", "memory"}),
    "kill the parent": (inside("import os\nos.kill(os.getppid(), 9)"), {"crashed", "graded", "memory"}),
    "a loop without end": (inside("while True:\n    pass"), {"timeout"}),
    "sleep": (inside("import time\ntime.sleep(1000)"), {"timeout"}),
    "a loop that ignores signals": (inside("import signal\nfor s in range(1, 65):\n    try:\n        signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError):\n        pass\nwhile True:\n    pass"), {"timeout"}),
    "a loop at the top of the cell": (RIGHT + "\nwhile True:\n    pass\n", {"graded"}),
    "a regular expression without end": (inside("import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')"), {"timeout"}),
    "stopped": (inside("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nwhile True:\n    pass"), {"timeout"}),
    "fork bomb": (inside("import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"), {"timeout", "crashed", "memory"}),
    "thread bomb": (inside("import threading, time\nfor _ in range(10**6):\n    threading.Thread(target=time.sleep, args=(1000,)).start()"), {"graded", "timeout", "crashed", "memory"}),
    "memory hog": (inside("hog = []\nwhile True:\n    hog.append(bytearray(1 << 28))"), {"memory", "crashed", "timeout"}),
    "one giant tensor": (inside("torch.zeros(1 << 36)"), {"memory"}),
    "endless print": (inside("while True:\n    print('x' * 1000)"), {"timeout"}),
    "endless print past Python": (inside("import os\nwhile True:\n    os.write(1, b'x' * 65536)"), {"output", "timeout"}),
    "print of 10 MB a call": (RIGHT.replace("    S =", "    print('x' * 10**7)\n    S ="), {"graded"}),
    "disk filled": (inside("for i in range(10**6):\n    open(f'/scratch/{i}', 'wb').write(bytes(1 << 24))"), {"graded"}),
    "descriptors used up": (inside("keep = [open('/dev/null') for _ in range(10**6)]"), {"graded"}),
    "endless recursion": (inside("import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\nf()"), {"crashed", "memory", "graded", "timeout"}),
    "a daemon left behind": (RIGHT + "\nimport os, time\nfor _ in range(3):\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n            while True:\n                time.sleep(1)\n        os._exit(0)\n", {"graded"}),
    "a message without end": (PINNED + inside("os.write(3, struct.pack('!I', 4 * 10**9))\nwhile True:\n    os.write(3, b'x' * 65536)"), {"crashed", "timeout"}),
    "not JSON": (PINNED + "post(b'\\xff\\xfe{')\n" + WRONG, {"crashed"}),
    "deeply nested JSON": (PINNED + "post(b'{\"observation\":' + b'[' * 10**6 + b']' * 10**6 + b'}')\n" + WRONG, {"crashed"}),
    "an observation of objects": (PINNED + "post({'observation': {'plain.loss': {'dtype': 'O', 'shape': [1], 'data': 'AAAAAAAAAAA='}}})\n" + WRONG, {"crashed"}),
    "a type that is a program": (PINNED + "wrong = {k: {'dtype': '(1,,)f4', 'shape': [1], 'data': 'AAAAAA=='} for k in pinned}\npost({'observation': wrong})\npost({'observations': [wrong, wrong]})\nos._exit(0)\n" + WRONG, {"crashed"}),
    "the socket closed": (inside("import os\nos.close(3)"), {"crashed"}),
    "memory that outlives the run": (RIGHT + "\nimport ctypes, os\nlibc = ctypes.CDLL(None)\nif libc.shmget(77, 1 << 29, 0o1666) >= 0 or libc.msgget(77, 0o1666) >= 0 or libc.semget(77, 4, 0o1666) >= 0:\n    print('loot: IPC')\ntry:\n    os.memfd_create('x')\n    print('loot: memfd')\nexcept OSError:\n    pass\n", {"graded"}),
    "shapes that do not fit": (PINNED + "post({'observation': {k: {'dtype': '<f4', 'shape': [-1, 10**18], 'data': ''} for k in pinned}})\n" + WRONG, {"crashed"}),
    "values of other kinds": (PINNED + "post({'observation': {k: [None, {'a': []}] for k in pinned}})\n" + WRONG, {"crashed"}),
    "lone surrogates": (PINNED + "post({'failed': 'crashed', 'reason': chr(0xD800) * 10})\n" + WRONG, {"crashed"}),
    "the network": (inside("import socket\ns = socket.create_connection(('127.0.0.1', PORT), timeout=2)\ns.send(b'loot')"), {"graded"}),
    "a socket file": (inside("import glob, socket\nfor p in glob.glob('/tmp/**/*', recursive=True) + glob.glob('/run/**/*', recursive=True):\n    s = socket.socket(socket.AF_UNIX)\n    try:\n        s.connect(p)\n        print('loot:', p)\n    except OSError:\n        pass"), {"graded"}),
    "the course overwritten": (RIGHT + "\nimport dpr_course.checks.loss as m, os\nfor f in (m.__file__, '/usr/bin/python3', '/etc/passwd', '/loot'):\n    try:\n        open(f, 'a').write('# loot')\n        print('loot:', f)\n    except OSError:\n        pass\n", {"graded"}),
    "root again": (RIGHT + "\nimport os\nfor f in (os.setuid, os.seteuid, os.setgid):\n    try:\n        f(0)\n        if os.getuid() == 0 and open('/proc/self/status').read().split('CapEff:')[1].split()[0].strip('0'):\n            print('loot: root')\n    except OSError:\n        pass\n", {"graded"}),
    "a mount": (RIGHT + "\nimport ctypes\nlibc = ctypes.CDLL(None)\nfor flags in (0x20000, 0x10000000 | 0x20000):\n    if libc.unshare(flags) == 0:\n        print('loot: unshare')\nif libc.mount(b'tmpfs', b'/usr', b'tmpfs', 0, None) == 0:\n    print('loot: mount')\nif libc.chroot(b'/scratch') == 0:\n    print('loot: chroot')\n", {"graded"}),
    "a process traced": (RIGHT + "\nimport ctypes, os\nlibc = ctypes.CDLL(None)\nif libc.ptrace(16, os.getppid(), 0, 0) == 0:\n    print('loot: ptrace')\n", {"graded"}),
    "limits raised": (RIGHT + "\nimport resource\nfor r in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE):\n    try:\n        resource.setrlimit(r, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\n        print('loot:', r)\n    except (ValueError, OSError):\n        pass\n", {"graded"}),
    "an answer of many gigabytes": ("def get_in_batch_contrastive_loss(model, batch):\n    return torch.zeros(1).expand(1 << 40), 0\n", {"graded", "memory", "crashed"}),
    "a number too large": ("def get_in_batch_contrastive_loss(model, batch):\n    return 10 ** 5000, 10 ** 400\n", {"graded", "crashed"}),
    "names that are markup": ("class X(Exception):\n    pass\nX.__name__ = '<script>alert(1)</script>'\ndef get_in_batch_contrastive_loss(model, batch):\n    raise X('<img src=x onerror=alert(1)>')\n", {"graded"}),
}  # fmt: skip
