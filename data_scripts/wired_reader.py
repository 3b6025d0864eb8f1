"""Sets initial weights with which a small T5 can look up and copy words before any training. Training improves on them.

Ten of the d dimensions of a vector are flags. The encoder's first layer attends from each word to an equal word elsewhere or,
if there is none, to "question", which serves as a sink. This sets the flag MATCH of words that have an equal word. The layer
also detects whether "context:" is to the left. Later layers average MATCH over the neighbours. In its first step, the decoder
attends to a word of the context that has no equal word itself but has neighbours that do. In each later step it attends to the
word that follows the one just written. It copies the word to which it attends. Twins (see `train_reader_tokenizer.py`) start
with equal vectors, except for the flag of a capital. All this is set in the weights of a standard T5ForConditionalGeneration.
"""

import torch
from train_reader_tokenizer import twin
from transformers import T5Config, T5ForConditionalGeneration

FLAGS = CONST, SINK, MATCH, CONTEXT, INSIDE, DENSE, START, STOP, CAPITAL, DIGIT = range(10)


def make_reader(tokenizer, d=192, encoder_layers=2, decoder_layers=2, heads=6, d_kv=32, d_ff=512):
    """Return a T5 with the usual random weights. It has no dropout, because no example is seen twice in the same form."""
    config = T5Config(
        vocab_size=len(tokenizer), d_model=d, d_kv=d_kv, d_ff=d_ff, num_layers=encoder_layers, num_decoder_layers=decoder_layers,
        num_heads=heads, dropout_rate=0.0, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0,
        relative_attention_num_buckets=32, relative_attention_max_distance=128,
    )  # fmt: skip
    return T5ForConditionalGeneration(config)


@torch.no_grad()
def match(model):
    """Set fewer weights than `wire`: those that find equal words and copy a word. Nothing says which word to copy.

    In the encoder, two heads attend to the word before and the word after, the others to equal words (queries equal to keys). In
    the decoder, the output is most like the word to which it attends (output projection = transposed value projection).
    """
    D = model.config.d_kv
    bias = model.encoder.block[0].layer[0].SelfAttention.relative_attention_bias.weight  # (32, H)
    bias.zero_()
    bias[1, 0] = bias[17, 1] = 5.0  # heads 0 and 1 attend to the word before and the word after
    bias[0, 2:] = -12.0  # the others do not attend to the word itself
    for block in model.encoder.block:
        q, k, _, _ = heads_of(block.layer[0].SelfAttention, model.config)
        q[2:] = k[2:] * (10 / D)  # the same scale as in `wire`
    for block in model.decoder.block:
        attention = block.layer[1].EncDecAttention
        attention.o.weight.copy_(attention.v.weight.T)


@torch.no_grad()
def wire(model, tokenizer, texts, quiet=0.5):
    """Set the weights of `model` as this file's first docstring describes.

    texts  texts of the passages; tokens that occur in many of them get the flag STOP
    quiet  factor below 1 for the random weights at the output of each layer, so that the wired weights dominate
    """
    set_flags(model, tokenizer, texts)
    for stack in (model.encoder, model.decoder):
        for block in stack.block:
            for layer in block.layer[:-1]:
                attention = layer.SelfAttention if hasattr(layer, "SelfAttention") else layer.EncDecAttention
                attention.o.weight.mul_(quiet)
            block.layer[-1].DenseReluDense.wo.weight.mul_(quiet)
    wire_decoder(model, *wire_encoder(model))


def set_flags(model, tokenizer, texts):
    """Set the flags, which are the first dimensions of each token's vector. Twins get equal values in the other dimensions."""
    E, pieces = model.shared.weight, tokenizer.convert_ids_to_tokens(range(len(tokenizer)))
    number = {piece: i for i, piece in enumerate(pieces)}
    E[:, : len(FLAGS)] = 0
    for i, piece in enumerate(pieces):
        capital = twin(piece)
        if capital != piece and capital in number:
            E[number[capital]] = E[i]
            E[number[capital], CAPITAL] = 2
        if any(c.isdigit() for c in piece):
            E[i, DIGIT] = 2
    E[:, CONST] = 2
    seen = torch.zeros(len(E))
    for row in tokenizer(texts).input_ids:
        seen[list(set(row))] += 1
    E[seen > 0.08 * len(texts), STOP] = 2
    E[number["▁question"] if "▁question" in number else tokenizer("question").input_ids[0], SINK] = 4
    E[tokenizer("context").input_ids[0], CONTEXT] = 4
    E[model.config.pad_token_id, START] = 4


def heads_of(attention, config):
    """Return views of four weights of an attention layer: queries, keys and values, (H, D, d) each, and outputs, (d, H, D)."""
    H, D, d = config.num_heads, config.d_kv, config.d_model
    q, k, v = (w.weight.view(H, D, d) for w in (attention.q, attention.k, attention.v))
    return q, k, v, attention.o.weight.view(d, H, D)


def wire_encoder(model):
    """Set the encoder's weights. Return two matrices (D, d) for the decoder, both of head 1, which attends to the previous word.

    The first is this head's value projection in the first layer, the second the transpose of its output projection there.
    """
    H, D, d = model.config.num_heads, model.config.d_kv, model.config.d_model
    bias = model.encoder.block[0].layer[0].SelfAttention.relative_attention_bias.weight  # (32, H); rows from 16 on: right side
    bias.zero_()
    bias[1:5, 0] = bias[17:21, 0] = 5.0  # head 0 attends to the neighbours
    bias[1, 1] = 8.0  # head 1: to the word before
    bias[0, 2 : H - 1] = -12.0  # the next heads: to equal words, except the word itself
    bias[16:, H - 1] = -15.0  # the last head: to words on the left
    R = torch.randn(D, d) * d**-0.5
    for i, block in enumerate(model.encoder.block):
        q, k, v, o = heads_of(block.layer[0].SelfAttention, model.config)
        q[:2] *= 0.3
        k[:2] *= 0.3
        for h in range(2, H - 1):
            k[h, :, : len(FLAGS)] = 0
            q[h] = k[h] * (10 / D)
            q[h, -1] = k[h, -1] = 0
            q[h, -1, CONST], k[h, -1, SINK] = 0.97, 0.97
            if i == 0:
                v[h, 0] = 0
                v[h, 0, CONST], v[h, 0, SINK], v[h, 0, STOP] = 0.5, -0.25, -0.5
                o[:, h, 0] = 0
                o[MATCH, h, 0] = 3 / (H - 3)
        h = H - 1
        q[h] *= 0.3
        k[h] *= 0.3
        q[h, -1] = k[h, -1] = 0
        q[h, -1, CONST], k[h, -1, CONTEXT] = 1.1, 1.1
        if i == 0:
            v[h, 0] = 0
            v[h, 0, CONTEXT] = 0.25
            o[:, h, 0] = 0
            o[INSIDE, h, 0] = 3
            before = v[1].clone()
            o[:, 1] = R.T
        else:
            v[0, 0] = 0
            v[0, 0, MATCH] = 1
            o[:, 0, 0] = 0
            o[DENSE, 0, 0] = 3
    return before, R


def wire_decoder(model, before, R):
    H = model.config.num_heads
    for i, block in enumerate(model.decoder.block):
        attention = block.layer[1].EncDecAttention
        q, k, _, _ = heads_of(attention, model.config)
        attention.o.weight.copy_(attention.v.weight.T * (4 if i == 0 else 1))  # so that the word attended to is copied
        k *= 0.5
        for h in range(H // 2 if i == 0 else H):
            q[h, -1] = k[h, -1] = 0
            q[h, -1, START] = 0.5
            k[h, -1, DENSE], k[h, -1, INSIDE], k[h, -1, MATCH], k[h, -1, STOP] = 2.5, 0.6, -0.6, -0.6
        if i == 0:
            q[H // 2 :], k[H // 2 :] = before * 0.5, R
