"""Checks that a tokenizer, an encoder and texts fit each other.

Without these checks, a training run with a mismatch could end without an error, and its retriever would find almost nothing.
"""

import bisect
import warnings

import torch

MANY_UNKNOWN = 0.2  # a message is printed if this share of the tokens, or more, is [UNK]
MOST_UNKNOWN = 0.9  # the texts are refused if this share of the tokens, or more, is [UNK]


def refuse_unfit(tokenizer, encoder):
    """Raise ValueError if the encoder lacks embeddings for some token ids of the tokenizer.

    Warn if tokenizer and encoder use different ids for padding, or if the encoder has more than twice as many embeddings as the
    tokenizer has ids.
    """
    rows, highest = encoder.get_input_embeddings().weight.shape[0], max(tokenizer.get_vocab().values())
    if highest >= rows:
        raise ValueError(
            f"the tokenizer has token ids up to {highest}, but the encoder has embeddings for {rows}: they do not belong together; use the "
            "tokenizer that the encoder was trained with"
        )
    expected = getattr(encoder.config, "pad_token_id", None)
    if expected not in (None, tokenizer.pad_token_id):
        warnings.warn(
            f"the tokenizer pads with token id {tokenizer.pad_token_id}, but the encoder was trained with {expected}: is it the tokenizer "
            "that belongs to it? RoBERTa and similar encoders also count positions by that id",
            stacklevel=2,
        )
    if 2 * (highest + 1) < rows:  # rounding up the number of embeddings would add only a few
        warnings.warn(
            f"the tokenizer has token ids up to {highest}, but the encoder has embeddings for {rows}: is it the tokenizer that the encoder "
            "was trained with? Another tokenizer gives words other ids",
            stacklevel=2,
        )


def refuse_short(encoder, max_length):
    """Raise ValueError if the encoder cannot read `max_length` tokens, for example because it has fewer position embeddings."""

    def takes(length):
        ids = torch.full((1, length), 5, device=encoder.device)
        try:
            with torch.no_grad():
                encoder(input_ids=ids, attention_mask=torch.ones_like(ids))
        except (RuntimeError, IndexError, ValueError):
            return False
        return True

    if not takes(max_length):
        longest = bisect.bisect_left(range(1, max_length), True, key=lambda length: not takes(length))
        raise ValueError(
            f"the encoder takes texts of up to {longest} tokens, but max_length is {max_length}: set max_length in the run's section "
            f"model to {longest} or less"
        )


def tell_unknown(tokenizer, texts):
    """Print the share of [UNK] tokens in the first 500 `texts` if it is at least 20 %. If it is at least 90 %, raise ValueError."""
    unknown = tokenizer.unk_token_id
    ids = [i for row in tokenizer(texts[:500], add_special_tokens=False).input_ids for i in row] if texts else []
    share = sum(i == unknown for i in ids) / max(1, len(ids)) if unknown is not None else 0
    told = f"{100 * share:.0f} % of the tokens are {tokenizer.unk_token}, which stands for words that the tokenizer does not know"
    if share >= MOST_UNKNOWN:
        raise ValueError(f"{told}: all texts would look alike. Use an encoder and a tokenizer made for these texts")
    if share >= MANY_UNKNOWN:
        print(f"{told}: the encoder cannot tell these apart")
