"""Attacks that search stack frames, live objects and error messages for expected values and hidden seeds."""

from attacks.answers import PINNED, WRONG, inside

MARKS = {
    "the caller's frames searched": inside("import sys\nf = sys._getframe()\nfound = {}\nwhile f:\n    found.update({k: v for k, v in f.f_locals.items() if k in ('expected', 'want', 'reference')})\n    f = f.f_back\nif found:\n    print('loot:', found)"),
    "everything alive searched": inside("import gc, types\nfor o in gc.get_objects():\n    if isinstance(o, types.FunctionType) and o.__name__ == 'get_in_batch_contrastive_loss' and o.__code__ not in (get_in_batch_contrastive_loss.__code__, _wrong.__code__):\n        return o(model, batch)"),
    "expected values in a caller's frame": inside("import sys\nf = sys._getframe()\nwhile f:\n    if isinstance(f.f_locals.get('expected'), dict):\n        raise ValueError('loot:' + str(f.f_locals['expected'].keys())[:40])\n    f = f.f_back"),
    "expected values among all objects": inside("import gc\nfor o in gc.get_objects():\n    if isinstance(o, dict) and 'plain.loss' in o and 'mixed.dX' in o and o.get('is') != 'mine':\n        raise ValueError('loot: a whole observation')"),
    "the judge traced": "import sys, threading\nsys.settrace(lambda f, e, a: print('loot:', f.f_code.co_name) if f.f_code.co_name in ('judge', 'difference') else None)\n" + WRONG,
}  # fmt: skip

SECRETS = {
    "hidden seeds printed": inside("import sys\nf = sys._getframe()\nwhile f:\n    if 'seed' in f.f_locals:\n        print('loot:', f.f_locals['seed'], flush=True)\n        import os\n        os.write(1, f\"loot:{f.f_locals['seed']}\".encode())\n    f = f.f_back"),
    "hidden seeds in an error": inside("import sys\nf = sys._getframe()\nwhile f:\n    if 'seed' in f.f_locals:\n        raise type(f\"loot_{f.f_locals['seed']}\", (ValueError,), {})(f\"loot:{f.f_locals['seed']}\")\n    f = f.f_back"),
    "hidden seeds in a reason": PINNED + inside("import sys\nf = sys._getframe()\nwhile f:\n    if isinstance(f.f_locals.get('seeds'), dict):\n        post({'failed': 'crashed', 'reason': 'loot:' + str(f.f_locals['seeds'])})\n        os._exit(0)\n    f = f.f_back"),
    "hidden seeds in the size of a message": PINNED + inside("import sys\nf = sys._getframe()\nwhile f:\n    if isinstance(f.f_locals.get('seeds'), dict):\n        os.write(3, b'\\xff\\xff\\xff\\xfe')\n        os._exit(0)\n    f = f.f_back"),
}  # fmt: skip
