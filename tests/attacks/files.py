"""Attacks that look for files of the grader, of the course and of other people, or write to them."""

from attacks.answers import RIGHT, WRONG, inside

SECRETS = {
    "solutions on disk": "import os\nfor folder, _, files in os.walk('/'):\n    if folder.startswith(('/proc', '/usr', '/dev')) or 'site-packages' in folder:\n        continue\n    for name in files:\n        if name.endswith(('.ipynb', '.db')) or name in ('secret_seed', '04_in_batch_loss.py', 'gradebook.py', 'gradebook.db'):\n            print('loot:', folder, name)\n" + WRONG,
    "the home folder": "import os\nfor p in ('/root', '/home'):\n    try:\n        for name in os.listdir(p):\n            if not name.startswith('.pyenv'):\n                print('loot:', p, name)\n    except OSError:\n        pass\n" + WRONG,
    "git's objects": "import pathlib\nfor p in pathlib.Path('/').glob('*/*/.git'):\n    print('loot:', p)\n" + WRONG,
    "the folder beside the package": "import os, dpr_course\nhouse = os.path.dirname(os.path.dirname(dpr_course.__file__))\nfor name in os.listdir(house):\n    if name in ('solutions', 'autograder', 'tests'):\n        print('loot:', name)\n" + WRONG,
    "the secret seed by its path": "import os, dpr_course\nhouse = os.path.dirname(os.path.dirname(dpr_course.__file__))\nfor name in ('autograder/term', 'autograder/term/secret_seed', 'autograder/places.py'):\n    if os.path.exists(os.path.join(house, name)):\n        print('loot:', name)\n" + WRONG,
    "nbgrader's exchange": "import os\nfor p in ('/usr/local/share/nbgrader', '/srv/nbgrader', '/usr/share/jupyter/nbgrader'):\n    if os.path.exists(p):\n        print('loot:', p)\n" + WRONG,
}  # fmt: skip

MACHINE = {
    "the course overwritten": (RIGHT + "\nimport dpr_course.checks.loss as m, os\nfor f in (m.__file__, '/usr/bin/python3', '/etc/passwd', '/loot'):\n    try:\n        open(f, 'a').write('# loot')\n        print('loot:', f)\n    except OSError:\n        pass\n", {"graded"}),
    "a socket file": (inside("import glob, socket\nfor p in glob.glob('/tmp/**/*', recursive=True) + glob.glob('/run/**/*', recursive=True):\n    s = socket.socket(socket.AF_UNIX)\n    try:\n        s.connect(p)\n        print('loot:', p)\n    except OSError:\n        pass"), {"graded"}),
}  # fmt: skip
