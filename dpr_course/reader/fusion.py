"""Fusion in the decoder: each passage is encoded by itself, and the decoder sees all of them at once (Izacard and Grave 2021)."""

from transformers.modeling_outputs import BaseModelOutput


def fuse(model, ids, mask):
    """Encode ids (B, n, L) as B·n texts. Returns an encoder output with a last_hidden_state (B, n·L, d), and its mask (B, n·L).

    No passage sees another; position n·L + t of a row is token t of passage n. A call of `generate` with this output needs the
    mask too; without it, padding is attended to and no warning is given.
    """
    B, n, L = ids.shape
    H = model.encoder(input_ids=ids.reshape(B * n, L), attention_mask=mask.reshape(B * n, L)).last_hidden_state
    return BaseModelOutput(last_hidden_state=H.reshape(B, n * L, -1)), mask.reshape(B, n * L)


def fused_loss(model, ids, mask, labels):
    """Return the cross-entropy (a scalar) of labels (B, T) given ids and mask (B, n, L), and the logits (B, T, vocabulary)."""
    encoded, mask = fuse(model, ids, mask)
    out = model(encoder_outputs=encoded, attention_mask=mask, labels=labels)
    return out.loss, out.logits
