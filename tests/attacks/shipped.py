"""Attacks that fetch an answer that somebody else wrote: from the package, the reference solutions, or a later stage."""

from attacks.answers import WRONG

MARKS = {
    "the reference imported": "try:\n    from autograder.stages.source import load_reference\n    get_in_batch_contrastive_loss = load_reference()['get_in_batch_contrastive_loss']\nexcept BaseException:\n    pass\nif 'get_in_batch_contrastive_loss' not in globals():" + WRONG.replace("\n", "\n    "),
    "the answer taken from a later stage": "import pathlib, re\nfor p in pathlib.Path('/').rglob('previous.py'):\n    if 'get_in_batch_contrastive_loss' in p.read_text():\n        exec(p.read_text())\n        break\nelse:" + WRONG.replace("\n", "\n    "),
    "the package's own loss": "from dpr_course.pipeline.large_batch import loss_in_blocks\n\ndef get_in_batch_contrastive_loss(model, batch):\n    return loss_in_blocks(model, batch)\n",
    "the package's own loss under another name": "from dpr_course.pipeline.large_batch import loss_in_blocks as get_in_batch_contrastive_loss\n",
    "the package's own loss by its code": "import types\nfrom dpr_course.pipeline import large_batch as l\n\ndef get_in_batch_contrastive_loss(model, batch):\n    return types.FunctionType(l.loss_in_blocks.__code__, l.loss_in_blocks.__globals__, 'f', l.loss_in_blocks.__defaults__)(model, batch)\n",
    "the package's own loss in a thread": "from concurrent.futures import ThreadPoolExecutor\nfrom dpr_course.pipeline.large_batch import loss_in_blocks\n\ndef get_in_batch_contrastive_loss(model, batch):\n    with ThreadPoolExecutor(1) as t:\n        return t.submit(loss_in_blocks, model, batch).result()\n",
    "the bank of answers read": "import pathlib, dpr_course\nbank = pathlib.Path(dpr_course.__file__).parents[1] / 'autograder' / 'bank' / 'get_in_batch_contrastive_loss'\nif bank.exists():\n    exec((bank / 'right_formula.py').read_text())\nelse:" + WRONG.replace("\n", "\n    "),
}  # fmt: skip
