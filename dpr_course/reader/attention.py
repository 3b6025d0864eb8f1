"""Scores passages by the cross-attention of the decoder's first step, before any token is written (Izacard and Grave 2021)."""

from contextlib import contextmanager

import torch


@contextmanager
def _kept(model):
    """Record the queries and keys of the decoder's cross-attention whenever the decoder runs within a `with` block.

    The `with` statement gives a list with one dict per decoder layer, {"query": tensor, "key": tensor}: the outputs of the layer's
    query and key projections. Each run of the decoder overwrites the tensors.
    """
    kept, hooks = [], []
    for block in model.decoder.block:
        attention, pair = block.layer[1].EncDecAttention, {}
        kept.append(pair)
        hooks.append(attention.q.register_forward_hook(lambda _, __, out, pair=pair: pair.update(query=out)))
        hooks.append(attention.k.register_forward_hook(lambda _, __, out, pair=pair: pair.update(key=out)))
    try:
        yield kept
    finally:
        for hook in hooks:
            hook.remove()


def first_token_logits(model, encoded, mask):
    """Return the decoder's cross-attention logits at its first step, (B, layers, heads, n·L), before the softmax.

    encoded  encoder output that `fuse` returned, with last_hidden_state (B, n·L, d): n passages of L tokens for each question
    mask     mask that `fuse` returned, (B, n·L)

    In a T5 the product of query and key is the logit, because it is not divided by the root of the head's size, and because the
    cross-attention has no position bias. The model's own `output_attentions` would give another measure: the weights after the
    softmax.
    """
    B = len(mask)
    start = torch.full((B, 1), model.config.decoder_start_token_id, device=mask.device)
    with _kept(model) as layers:
        model.decoder(
            input_ids=start, encoder_hidden_states=encoded.last_hidden_state, encoder_attention_mask=mask, use_cache=False
        )
    H = model.config.num_heads
    logits = []
    for layer in layers:
        q = layer["query"].view(B, 1, H, -1).transpose(1, 2)  # (B, H, 1, d_kv)
        k = layer["key"].view(B, mask.size(1), H, -1).transpose(1, 2)  # (B, H, n·L, d_kv)
        logits.append((q @ k.transpose(2, 3)).squeeze(2))  # (B, H, n·L)
    return torch.stack(logits, 1)


def passage_scores(logits, mask):
    """Return the score of each passage, (B, n): the mean of its logits over layers, heads and real tokens.

    logits  (B, layers, heads, n·L)
    mask    (B, n, L)

    The real tokens are those with mask 1, including those of the question and the title, as in the published code. A passage
    without a real token gets -inf, which a softmax turns into 0.
    """
    A = logits.mean((1, 2)).view(mask.shape)  # (B, n, L)
    total = A.masked_fill(mask == 0, 0).sum(2)
    return (total / mask.sum(2)).masked_fill(mask.sum(2) == 0, float("-inf"))
