"""Makes [CLS] vectors, with the last layer computed for the first token only.

A dual encoder uses the last layer's output at position 0 only. So the last block needs one attention query instead of T, and
its feed-forward part runs at position 0 only. With a single query q, keys and values need not be computed for each token:

    q . (W_k h_t + b_k) = (W_k' q) . h_t + q . b_k        sum_t a_t (W_v h_t + b_v) = W_v (sum_t a_t h_t) + (sum_t a_t) b_v

Here h_t is the block's input at token t, a_t the attention weight of token t, and W_k' the transpose of W_k. The last block then
costs almost nothing: a model of two layers takes half the time, a model of six layers five sixths. Vectors and gradients equal
those of the whole model, except for rounding.
"""

import contextlib

import torch
import torch.nn.functional as F
from transformers import BertModel, DistilBertModel


def first_vector(backbone, ids, mask):
    """Return the [CLS] vectors (B, d): the output of the backbone's last layer at position 0. ids and mask are (B, T).

    For DistilBertModel and BertModel the last layer is computed at position 0 only; any other backbone runs as a whole. No
    token types are passed, so a BERT takes them as zeros, as in DPR's training.
    """
    finish = None
    if type(backbone) is DistilBertModel:
        stack, finish = backbone.transformer, _finish_distilbert
    elif type(backbone) is BertModel and not backbone.config.is_decoder:
        stack, finish = backbone.encoder, _finish_bert
    if finish is None or not len(stack.layer):
        return backbone(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0]  # (B, d)
    with without_last(stack) as block:
        H = backbone(input_ids=ids, attention_mask=mask).last_hidden_state  # (B, T, d)
    return finish(block, H, mask)


@contextlib.contextmanager
def without_last(stack):
    """Remove the last layer from the list `stack.layer` for the duration of a `with` block, and yield this layer."""
    layers = stack.layer
    stack.layer = layers[:-1]
    try:
        yield layers[-1]
    finally:
        stack.layer = layers


def attend(H, mask, query, key, value, num_heads, dropout):
    """Return the output (B, d) of multi-head attention from position 0 to all positions, before the output projection.

    H                  (B, T, d) vectors of the tokens
    mask               (B, T), 1 on tokens and 0 on padding
    query, key, value  linear layers of the attention
    dropout            dropout rate of the attention weights
    """
    B, _, d = H.shape
    heads = (num_heads, d // num_heads)  # h, e
    q = query(H[:, 0]).view(B, *heads) * heads[1] ** -0.5  # (B, h, e)
    U = torch.einsum("bhe,hed->bhd", q, key.weight.view(*heads, d))
    S = U @ H.transpose(1, 2) + (q * key.bias.view(heads)).sum(-1, keepdim=True)  # (B, h, T)
    A = S.masked_fill(mask[:, None] == 0, torch.finfo(S.dtype).min).softmax(-1)
    A = F.dropout(A, dropout)  # (B, h, T)
    V = torch.einsum("bhd,hed->bhe", A @ H, value.weight.view(*heads, d))  # (B, h, e)
    return (V + A.sum(-1, keepdim=True) * value.bias.view(heads)).reshape(B, d)


def _finish_distilbert(block, H, mask):
    a = block.attention
    x = attend(H, mask, a.q_lin, a.k_lin, a.v_lin, a.n_heads, a.dropout.p if block.training else 0.0)  # (B, d)
    x = block.sa_layer_norm(a.out_lin(x) + H[:, 0])
    return block.output_layer_norm(block.ffn(x[:, None])[:, 0] + x)  # (B, d)


def _finish_bert(block, H, mask):
    a = block.attention.self
    x = attend(H, mask, a.query, a.key, a.value, a.num_attention_heads, a.dropout.p if block.training else 0.0)  # (B, d)
    x = block.attention.output(x, H[:, 0])
    return block.feed_forward_chunk(x)  # (B, d)
