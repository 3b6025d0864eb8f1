"""Lets a T5 write answers, by greedy or beam search. Answers are free text or limited to sequences of words in the passages."""

import torch
from transformers.modeling_outputs import BaseModelOutput

ANSWER_TOKENS = 16


class Spans:
    """All spans of some texts: the token sequences that begin and end at word boundaries, so that each may be an answer.

    texts   list of texts, each a list of token ids
    starts  set of the token ids that begin a word
    end     token id that ends an answer

    The spans are kept as a trie (a tree of prefixes), whose branches are made only when `after` needs them.
    """

    def __init__(self, texts, starts, end):
        self.ids = [t for text in texts for t in [*text, end]]
        self.starts, self.end = starts, end
        self.places = {(): [i for i, t in enumerate(self.ids) if t in starts]}

    def after(self, prefix):
        """Return a sorted list of the token ids that may follow `prefix`, a tuple of token ids.

        The list includes `end` if the prefix ends at a word boundary. If the prefix is not in the texts, only `end` may follow.
        """
        at = self.at(prefix)
        following = {self.ids[i] for i in at}
        if prefix and any(t in self.starts for t in following):
            following.add(self.end)
        return sorted(following) or [self.end]

    def at(self, prefix):
        """Return the positions in `ids`, the joined texts, of all tokens that follow an occurrence of `prefix`, as a list."""
        if prefix not in self.places:
            self.places[prefix] = [i + 1 for i in self.at(prefix[:-1]) if self.ids[i] == prefix[-1] != self.end]
        return self.places[prefix]


def word_starts(tokenizer):
    """Return the set of token ids that begin a word: tokens that begin with "▁", and tokens without a letter or a digit."""
    pieces = tokenizer.convert_ids_to_tokens(range(len(tokenizer)))
    return {i for i, piece in enumerate(pieces) if piece.startswith("▁") or not any(c.isalnum() for c in piece)}


@torch.inference_mode()
def write(model, tokenizer, encoded, mask, spans=None, beams=1, length_penalty=1.0, max_tokens=ANSWER_TOKENS):
    """Let the T5 `model` write the answers to B questions, and return them as a list of B strings.

    encoded, mask   encoder output and mask (B, n·L) that `fuse` returned
    spans           list of B `Spans`, to which the answers are limited; None for free answers
    beams           number of beams; 1 decodes greedily
    length_penalty  the score of a beam is divided by its length raised to this power
    max_tokens      maximum number of tokens of an answer
    """
    allowed = None
    if spans:

        def allowed(b, written):
            return spans[b].after(tuple(written[1:].tolist()))

    # With beams, `generate` repeats the rows of the encoder output in place, so a new object is passed, and `encoded` is not changed.
    own = BaseModelOutput(last_hidden_state=encoded.last_hidden_state)
    out = model.generate(
        encoder_outputs=own, attention_mask=mask, max_new_tokens=max_tokens, do_sample=False, num_beams=beams,
        length_penalty=length_penalty, early_stopping=beams > 1, prefix_allowed_tokens_fn=allowed,
    )  # fmt: skip
    return [text.strip() for text in tokenizer.batch_decode(out, skip_special_tokens=True)]


def spans_of(tokenizer, passages, starts):
    """Return the `Spans` of the titles and texts of `passages`. `starts` is the set that `word_starts` returned."""
    texts = tokenizer([t for p in passages for t in (p["title"], p["text"])], add_special_tokens=False).input_ids
    return Spans(texts, starts, tokenizer.eos_token_id)
