"""Attacks that use what a forked process may inherit: descriptors, memory, the environment and other processes."""

from attacks.answers import RIGHT, WRONG

SECRETS = {
    "later answers in this process's memory": f"wanted = bytes(b ^ 1 for b in {bytes(b ^ 1 for b in b'copies[torch.arange(len(labels)), labels]')})\nimport ctypes\nfor line in open('/proc/self/maps'):\n    fields = line.split()\n    start, end = (int(x, 16) for x in fields[0].split('-'))\n    if 'r' not in fields[1] or fields[5:] and fields[5].startswith(('/', '[v')) or end - start > 1 << 29:\n        continue\n    data = ctypes.string_at(start, end - start)\n    at = data.find(wanted)\n    while at > 0:\n        if data[at - 1] == 32:\n            print('loot:', fields)\n        at = data.find(wanted, at + 1)\n" + WRONG,
    "the environment": "import os\nfor k, v in os.environ.items():\n    if '_TOKEN' in k or 'SECRET' in k or 'PASSWORD' in k:\n        print('loot:', k, v)\n" + WRONG,
    "descriptors left open": "import os\nfor fd in range(4, 1024):\n    try:\n        os.fstat(fd)\n        print('loot:', fd)\n    except OSError:\n        pass\n" + WRONG,
    "the parent's memory": "import os\ntry:\n    print('loot:', open(f'/proc/{os.getppid()}/maps').read()[:100])\nexcept OSError:\n    pass\n" + WRONG,
    "other processes": "import os\nothers = [p for p in os.listdir('/proc') if p.isdigit() and int(p) > 3]\nif others:\n    print('loot:', others)\n" + WRONG,
    "command lines of processes": "import pathlib\nfor p in pathlib.Path('/proc').glob('[0-9]*/cmdline'):\n    try:\n        text = p.read_bytes()\n    except OSError:\n        continue\n    if b'pytest' in text:\n        print('loot:', text)\n" + WRONG,
    "links of descriptors": "import os\nfor fd in os.listdir('/proc/self/fd') if os.path.isdir('/proc/self/fd') else ():\n    try:\n        target = os.readlink(f'/proc/self/fd/{fd}')\n    except OSError:\n        continue\n    if int(fd) > 3 and not target.startswith('/proc'):\n        print('loot:', target)\n" + WRONG,
}  # fmt: skip

MACHINE = {
    "a process traced": (RIGHT + "\nimport ctypes, os\nlibc = ctypes.CDLL(None)\nif libc.ptrace(16, os.getppid(), 0, 0) == 0:\n    print('loot: ptrace')\n", {"graded"}),
}  # fmt: skip
