"""Makes small training runs for autograder.bench.faults: healthy runs (without a fault), and runs with one fault each.

The runs use the toy NQ, the small set of questions and passages that comes with the course.
"""

import contextlib
import copy
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from dpr_course.data import hold_out, load_toy_nq
from dpr_course.diagnose.case import Case, Settings
from dpr_course.diagnose.ways import OWN, Way, encode, padded, passage_tokens
from dpr_course.pipeline.features import with_negatives
from dpr_course.pipeline.retriever import Retriever
from dpr_course.train import WholeLoss, adamw, train


@dataclass(frozen=True)
class Recipe:
    """The settings of one training run of the bench. The defaults give a small run without a fault."""

    questions: int = 192
    batch_size: int = 16
    epochs: int = 3
    learning_rate: float = 8e-4
    hard: bool = False
    tied: bool = False
    seed: int = 0
    encoder: str = "toy"
    max_length: int = 100
    # Faults that the training itself can have:
    labels: float = 0.0  # share of the batches labelled 0, 1, 2, ..., which is wrong if passages include hard negatives
    pooling: str | None = None  # pooling in training; None: the [CLS] vector
    padded: tuple = ()  # names of the encoders that get a mask of all ones in training
    full: bool = False  # whether every text is padded to max_length
    style: str = "pair"  # how a passage is read in training: "pair", "joined" or "text", see diagnose.case.Case
    prefixes: tuple = ("", "")  # prefixes of questions and passages in training
    cosine: bool = False  # whether the scores are cosines
    divide: float = 1.0  # number by which the scores are divided
    frozen: tuple = ()  # names of the encoders that are not trained
    slow: float = 1.0  # factor by which the passage encoder's learning rate is multiplied
    chunk: int | None = None  # number of questions that share their negatives; None: all questions of the batch


class World:
    """The data of the bench: training, held-out and validation questions, and passages.

    `data` is a tuple of three lists, (training samples, validation samples, passages), or None for the toy NQ.
    """

    def __init__(self, data=None):
        train_samples, self.validation, self.passages = data or load_toy_nq()
        self.fit, self.held_out = hold_out(train_samples, 50)
        self.fit = with_negatives(self.fit, "bm25")[0]
        self._starts = {}

    def start(self, recipe):
        """Return the untrained Retriever of a Recipe, and a dict in which the diagnosis keeps vectors that it has computed.

        Retriever and dict are made once and then shared by all recipes with the same `encoder`, `tied` and `max_length`.
        """
        key = recipe.encoder, recipe.tied, recipe.max_length
        if key not in self._starts:
            self._starts[key] = Retriever.from_pretrained(*key).eval(), {}
        return self._starts[key]


def case_of(world, recipe):
    """Train a model by the Recipe and return the run as a Case, the description of a run that a diagnosis needs.

    The Case has neither `collate` nor `loss_fn`, like a Case that `dpr-course diagnose` makes from the folder of a run.
    """
    start, memory = world.start(recipe)
    model, samples = copy.deepcopy(start), world.fit[: recipe.questions]
    if not recipe.hard:
        samples = [{k: v for k, v in s.items() if k != "hard_negative"} for s in samples]
    for side in recipe.frozen:
        getattr(model, side).requires_grad_(False)
    optimizer = adamw(model, recipe.learning_rate, 0.01)
    if recipe.slow != 1.0:
        groups = [(model.query_encoder, 1.0), (model.passage_encoder, recipe.slow)]
        optimizer = torch.optim.AdamW([{"params": list(m.parameters()), "lr": recipe.learning_rate * f} for m, f in groups])
    wrong = torch.Generator().manual_seed(recipe.seed)

    def loss_fn(model, batch):
        return batch_loss(recipe, model, batch, wrong)

    history = None
    with contextlib.suppress(FloatingPointError):
        history = recipe.epochs and train(
            model, samples, lambda some: _collate(model, recipe, some), loss_fn, epochs=recipe.epochs, batch_size=recipe.batch_size,
            learning_rate=recipe.learning_rate, optimizer=optimizer, seed=recipe.seed, objective=WholeLoss,
        )  # fmt: skip
    settings = Settings(recipe.batch_size, recipe.hard, recipe.learning_rate, recipe.tied, recipe.seed, recipe.epochs)
    return Case(
        model.requires_grad_(True).eval(), model.tokenizer, train=samples, held_out=world.held_out, validation=world.validation,
        passages=world.passages, settings=settings, history=history, start=start, start_tokenizer=start.tokenizer,
        masks_copies=True, max_length=recipe.max_length, memory=memory,
    )  # fmt: skip


def _collate(model, recipe, samples):
    passages, labels = [], []
    for s in samples:
        labels.append(len(passages))
        passages += [s["gold_context"], *([s["hard_negative"]] if "hard_negative" in s else [])]
    options = dict(truncation=True, max_length=recipe.max_length)
    Q = model.tokenizer([recipe.prefixes[0] + s["question"] for s in samples], **options).input_ids
    P = passage_tokens(model.tokenizer, passages, recipe.style, recipe.prefixes[1], options)
    lengths = [recipe.max_length if recipe.full else max(map(len, side)) for side in (Q, P)]
    return (*padded(Q, lengths[0], 0), *padded(P, lengths[1], 0), torch.tensor(labels))


def batch_loss(recipe, model, batch, wrong):
    """Return the loss of one batch, computed with the Recipe's faults, and the number of questions that are answered right.

    A question is answered right if the passage of its label has the highest score. `wrong` is the torch.Generator that decides at
    random which batches get wrong labels.
    """
    Q, Q_mask, P, P_mask, labels = batch
    if "query_encoder" in recipe.padded:
        Q_mask = torch.ones_like(Q_mask)
    if "passage_encoder" in recipe.padded:
        P_mask = torch.ones_like(P_mask)
    way = Way(pooling=recipe.pooling) if recipe.pooling else OWN
    X, Y = encode(model, "question", Q, Q_mask, way), encode(model, "passage", P, P_mask, way)  # (B, d), (N, d)
    if recipe.cosine:
        X, Y = F.normalize(X, dim=1), F.normalize(Y, dim=1)
    copies = (P[labels].unsqueeze(1) == P.unsqueeze(0)).all(2)  # (B, N)
    copies[torch.arange(len(labels)), labels] = False
    if torch.rand((), generator=wrong) < recipe.labels:
        labels = torch.arange(len(labels))
        copies[torch.arange(len(labels)), labels] = False
    S = (X @ Y.T / recipe.divide).masked_fill(copies, float("-inf"))  # (B, N)
    if recipe.chunk:
        part = torch.arange(len(labels)) // recipe.chunk  # (B,)
        owner = torch.arange(len(P)) * len(labels) // len(P)  # (N,)
        S = S.masked_fill(part[:, None] != part[owner][None], float("-inf"))
    return F.cross_entropy(S, labels), (S.argmax(1) == labels).sum()


class Pooled(torch.nn.Module):
    """A wrapper of the retriever `inner` that pools in another way or reads padding.

    pooling  "cls", "mean", "last" or "max"; None: the pooling of `inner`
    ignore   whether to ignore the attention mask, so that padding is read like text
    """

    def __init__(self, inner, pooling=None, ignore=False):
        super().__init__()
        self.query_encoder, self.passage_encoder, self.inner = inner.query_encoder, inner.passage_encoder, inner
        self.way, self.ignore = Way(pooling=pooling), ignore

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        def one(side, ids, mask):
            return None if ids is None else encode(self.inner, side, ids, torch.ones_like(mask) if self.ignore else mask, self.way)

        return one("question", Q, Q_mask), one("passage", P, P_mask)


def answer_in(passage, answers, number):
    """Return a copy of `passage` whose last 12 words are replaced by answers[0]. `number` becomes part of the copy's id."""
    return {**passage, "id": f"{passage['id']}-x{number}", "text": f"{passage['text'].rsplit(' ', 12)[0]} {answers[0]}."}
