"""Fusion in the decoder: passages are encoded separately, and the decoder attends to all of them (Izacard and Grave 2021)."""

from transformers.modeling_outputs import BaseModelOutput


def fuse(model, ids, mask):
    """Encode ids (B, n, L) as B·n texts. Returns an encoder output with last_hidden_state (B, n·L, d), and the mask (B, n·L).

    The encoder does not attend from one passage to another. Position i·L + t of a row is token t of passage i. `model.generate`
    needs both the output and the mask: without the mask, the decoder attends to padding, and no warning is given.
    """
    encoded = model.encoder(input_ids=ids.flatten(0, 1), attention_mask=mask.flatten(0, 1))
    H = encoded.last_hidden_state.unflatten(0, ids.shape[:2]).flatten(1, 2)
    return BaseModelOutput(last_hidden_state=H), mask.flatten(1)


def fused_loss(model, ids, mask, labels):
    """Return the cross-entropy (scalar) of labels (B, T), and the logits (B, T, vocabulary). ids and mask are (B, n, L)."""
    encoded, mask = fuse(model, ids, mask)
    out = model(encoder_outputs=encoded, attention_mask=mask, labels=labels)
    return out.loss, out.logits
