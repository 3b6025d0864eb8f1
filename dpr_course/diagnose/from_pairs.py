"""Makes a Case from a sentence-transformers model and pairs of texts. The library itself is not imported."""

from torch import nn

from dpr_course.diagnose.case import Case, DiagnoseError, Settings


class PairEncoder(nn.Module):
    """Wraps a sentence-transformers model, so that it can be called like the course's models: (Q, Q_mask, P, P_mask) -> X, Y.

    The one model encodes both questions and passages.
    """

    def __init__(self, model):
        super().__init__()
        self.query_encoder = self.passage_encoder = model

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        """Return the vectors X (B, d) of the questions and Y (N, d) of the passages. X is None without Q, and Y without P.

        Q and Q_mask are (B, T), P and P_mask (N, T'): token ids and masks.
        """
        X = self._vectors(Q, Q_mask) if Q is not None else None  # (B, d)
        return X, self._vectors(P, P_mask) if P is not None else None  # (N, d)

    def _vectors(self, ids, mask):
        return self.query_encoder({"input_ids": ids, "attention_mask": mask})["sentence_embedding"]


def case_from_pairs(
    model,
    pairs,
    *,
    train=(),
    query_prompt=None,
    passage_prompt=None,
    batch_size=None,
    untrained=None,
    history=None,
    scale=20.0,
    name="this model",
):
    """Return the Case of a sentence-transformers model and pairs of texts.

    model       a SentenceTransformer, or another model that has a `tokenizer` and returns a dict with "sentence_embedding" when
                it is called with {"input_ids", "attention_mask"}
    pairs       list of (question, passage) or (question, passage, negative), all texts. R@1 is measured on the questions, by
                searching the passages of all pairs.
    train       the pairs that the model was trained on, in the same form; they are used to measure batches, negatives and leaks
    query_prompt, passage_prompt   texts put before each question and each passage. Default: the model's own prompts "query" and
                "passage" (or "document"), if there are any
    batch_size  intended number of questions per step
    untrained   the model before training
    history     History of the training
    scale       the number by which the loss multiplies the cosines (20 in MultipleNegativesRankingLoss)
    name        name of the model in the report

    Raises DiagnoseError if the pairs are not pairs of texts, or the model has no tokenizer.
    """
    tokenizer = getattr(model, "tokenizer", None)
    if tokenizer is None:
        raise DiagnoseError(f"{name}: the model has no tokenizer: give a SentenceTransformer, or an object with `tokenizer`")
    prompts = getattr(model, "prompts", None) or {}
    query_prompt = prompts.get("query", "") if query_prompt is None else query_prompt
    if passage_prompt is None:
        passage_prompt = next((prompts[n] for n in ("passage", "document") if n in prompts), "")
    numbers = {}
    validation, fit = samples_of(pairs, numbers), samples_of(train, numbers)
    passages = list({s["gold_context"]["id"]: s["gold_context"] for s in validation}.values())
    hard = any("hard_negative" in s for s in fit)
    return Case(
        PairEncoder(model).eval(), tokenizer, name=name, max_length=int(getattr(model, "max_seq_length", None) or 256), style="text",
        score=_score(model), train=fit, validation=validation, passages=passages, history=history,
        start=PairEncoder(untrained).eval() if untrained is not None else None, question_prefix=query_prompt or "",
        passage_prefix=passage_prompt or "", settings=Settings(batch_size, hard, None, True, 0, None, 1 / scale), masks_copies=False,
    )  # fmt: skip


def samples_of(pairs, numbers=None):
    """Return samples made from `pairs`, a list of (question, passage) or (question, passage, negative), all texts.

    `numbers` is {passage text: number}, from which the passages' ids are made, so that equal texts get the same id. Passages
    that are not in `numbers` are added there.
    """
    numbers, samples = {} if numbers is None else numbers, []

    def passage(text):
        return {"id": f"p{numbers.setdefault(text, len(numbers)):06d}", "title": "", "text": text}

    for i, pair in enumerate(pairs):
        if isinstance(pair, str) or not 2 <= len(pair) <= 3 or not all(isinstance(t, str) and t.strip() for t in pair):
            raise DiagnoseError(
                f"pair {i} must be (question, passage) or (question, passage, negative), all of them texts: {pair!r:.120}"
            )
        sample = {"id": f"q{i:06d}", "question": pair[0], "answers": [], "gold_context": passage(pair[1])}
        samples.append(sample | ({"hard_negative": passage(pair[2])} if len(pair) == 3 else {}))
    return samples


def _score(model):
    """Return "cosine" or "dot", the way in which the model compares two vectors. The default of the library is the cosine."""
    return "dot" if str(getattr(model, "similarity_fn_name", "cosine")).lower().endswith("dot") else "cosine"
