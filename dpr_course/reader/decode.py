"""Decodes the answer, greedily or with a beam. The answer is free, or limited to runs of words in the passages."""

import torch
from transformers.modeling_outputs import BaseModelOutput

ANSWER_TOKENS = 16


class Spans:
    """The spans of some texts that may be an answer: the runs of tokens that begin and end at word boundaries.

    texts   lists of token ids
    starts  set of the ids that begin a word
    end     id that ends an answer

    The spans form a trie over the n-grams of the texts. Only the branches that `after` is asked for are made.
    """

    def __init__(self, texts, starts, end):
        self.ids = [t for text in texts for t in [*text, end]]
        self.starts, self.end = starts, end
        self.places = {(): [i for i, t in enumerate(self.ids) if t in starts]}

    def after(self, prefix):
        """Return the tokens that may follow `prefix`, a tuple of ids. They include `end` if a word ends after the prefix.

        If the prefix is not in the texts, only `end` may follow.
        """
        at = self.at(prefix)
        following = {self.ids[i] for i in at}
        if prefix and any(t in self.starts for t in following):
            following.add(self.end)
        return sorted(following) or [self.end]

    def at(self, prefix):
        """Return the positions in `ids`, the joined texts, of the tokens that follow `prefix`."""
        if prefix not in self.places:
            self.places[prefix] = [i + 1 for i in self.at(prefix[:-1]) if self.ids[i] == prefix[-1] != self.end]
        return self.places[prefix]


def word_starts(tokenizer):
    """Return the ids of the pieces that begin a word: those that begin with "▁", and those without a letter or a digit."""
    pieces = tokenizer.convert_ids_to_tokens(range(len(tokenizer)))
    return {i for i, piece in enumerate(pieces) if piece.startswith("▁") or not any(c.isalnum() for c in piece)}


@torch.inference_mode()
def write(model, tokenizer, encoded, mask, spans=None, beams=1, length_penalty=1.0, max_tokens=ANSWER_TOKENS):
    """Return the answers as B strings.

    encoded, mask   output of `fuse`; the mask is (B, n·L)
    spans           list of B `Spans`, to which the answers are limited; None for free answers
    beams           number of beams; 1 decodes greedily
    length_penalty  exponent of the length by which a beam's score is divided
    max_tokens      maximum number of tokens of an answer
    """
    allowed = None
    if spans:

        def allowed(b, written):
            return spans[b].after(tuple(written[1:].tolist()))

    # With beams, `generate` repeats the rows of the object that it is given, so it gets one that nobody else uses.
    own = BaseModelOutput(last_hidden_state=encoded.last_hidden_state)
    out = model.generate(
        encoder_outputs=own, attention_mask=mask, max_new_tokens=max_tokens, do_sample=False, num_beams=beams,
        length_penalty=length_penalty, early_stopping=beams > 1, prefix_allowed_tokens_fn=allowed,
    )  # fmt: skip
    return [text.strip() for text in tokenizer.batch_decode(out, skip_special_tokens=True)]


def spans_of(tokenizer, passages, starts):
    """Return the `Spans` of the titles and texts of passages."""
    texts = tokenizer([t for p in passages for t in (p["title"], p["text"])], add_special_tokens=False).input_ids
    return Spans(texts, starts, tokenizer.eos_token_id)
