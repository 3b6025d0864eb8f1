"""The building blocks of the attacks on the sandbox. Each attack is the text of an answer to exercise 4.1.

`WRONG` is an honest wrong answer, and `RIGHT` a right one. An attack that finds a secret writes the text of `LOOT` and the
secret into whatever it can reach, such as its output or an error message, where the tests look for this text. `PINNED` is code that loads
the published expected values and defines the function `post`, which sends a message to the grader.
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
    """Return the text of an answer whose function runs the lines `body` at each call, and then returns a wrong result."""
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return f"{WRONG}\n_wrong = get_in_batch_contrastive_loss\n\ndef get_in_batch_contrastive_loss(model, batch):\n{lines}    return _wrong(model, batch)\n"
