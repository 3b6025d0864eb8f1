"""Model folders that would load without an error but retrieve badly are refused with a reason, reported, or loaded correctly."""

import json

import pytest
import torch
import transformers as T
from transformers import PreTrainedTokenizerFast

from dpr_course.cli import main
from dpr_course.encoders import TOY_ENCODER, load_encoder, load_tokenizer
from dpr_course.pipeline.first_token import first_vector
from dpr_course.pipeline.retriever import Retriever, RetrieverError

SIZE = dict(vocab_size=10_000, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32)


def save(folder, model, tokenizer=True):
    model.save_pretrained(folder)
    if tokenizer:
        load_tokenizer().save_pretrained(folder)
    return folder


def bert(**changes):
    torch.manual_seed(0)
    return T.BertModel(T.BertConfig(**(SIZE | changes)))


@pytest.mark.parametrize("tied", [True, False])
def test_a_sound_folder_is_read_as_before(tmp_path, tied):
    model = Retriever.from_pretrained(save(tmp_path / "m", bert()), tied)
    Q = torch.tensor([[2, 7, 8, 3]])
    expected = bert().eval()(input_ids=Q, attention_mask=torch.ones_like(Q)).last_hidden_state[:, 0]
    assert torch.allclose(model(Q, torch.ones_like(Q))[0], expected, atol=1e-6)


def test_no_tokenizer_files(tmp_path):
    folder = save(tmp_path / "m", bert(), tokenizer=False)
    with pytest.raises(OSError, match="no tokenizer files.*no word"):
        load_tokenizer(folder)
    (tmp_path / "m.yaml").write_text(f"model: {{encoder: {json.dumps(str(folder))}}}")
    with pytest.raises((SystemExit, OSError), match="no tokenizer files"):
        main(["train", str(tmp_path / "m.yaml"), "--out", str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", [T.DPRQuestionEncoder, T.DPRContextEncoder])
def test_encoders_of_dpr(tmp_path, kind):
    torch.manual_seed(1)
    theirs = kind(T.DPRConfig(**SIZE)).eval()
    model = Retriever.from_pretrained(save(tmp_path / "m", theirs), tied=True).eval()
    ids = torch.tensor([[2, 7, 8, 3], [2, 9, 3, 0]])
    mask = (ids != 0).long()
    with torch.no_grad():
        expected = theirs(input_ids=ids, attention_mask=mask).pooler_output
        assert torch.allclose(model(ids, mask)[0], expected, atol=1e-6)
        model.save(tmp_path / "saved")
        assert torch.allclose(Retriever.load(tmp_path / "saved")(ids, mask)[0], expected, atol=1e-6)


def test_other_models_of_dpr_are_refused(tmp_path):
    for name, model, words in (
        ("projected", T.DPRQuestionEncoder(T.DPRConfig(**SIZE, projection_dim=8)), "projection"),
        ("reader", T.DPRReader(T.DPRConfig(**SIZE)), "DPRReader"),
    ):
        with pytest.raises(OSError, match=words):
            load_encoder(save(tmp_path / name, model))


CAUSAL = {
    "gpt2": lambda: T.GPT2Model(T.GPT2Config(vocab_size=10_000, n_embd=16, n_layer=2, n_head=2)),
    "llama": lambda: T.LlamaModel(T.LlamaConfig(**SIZE, num_key_value_heads=2)),
    "opt": lambda: T.OPTModel(
        T.OPTConfig(
            vocab_size=10_000, hidden_size=16, word_embed_proj_dim=16, num_hidden_layers=2, num_attention_heads=2, ffn_dim=32
        )
    ),
    "decoder bert": lambda: bert(is_decoder=True),
}


@pytest.mark.parametrize("name", CAUSAL)
def test_a_causal_model_gives_all_texts_one_vector_and_is_refused(tmp_path, name):
    with pytest.raises(OSError, match="sees only itself"):
        load_encoder(save(tmp_path / "m", CAUSAL[name]()))


def test_encoders_with_a_decoder_are_refused(tmp_path):
    small = dict(encoder_layers=1, decoder_layers=1, encoder_attention_heads=2, decoder_attention_heads=2)
    for name, model in (
        ("t5", T.T5Model(T.T5Config(vocab_size=100, d_model=16, d_kv=8, d_ff=32, num_layers=1, num_heads=2))),
        ("bart", T.BartModel(T.BartConfig(vocab_size=100, d_model=16, encoder_ffn_dim=32, decoder_ffn_dim=32, **small))),
    ):
        with pytest.raises(OSError, match="decoder"):
            load_encoder(save(tmp_path / name, model))


def test_weights_of_another_model_are_refused(tmp_path):
    folder = save(
        tmp_path / "m", T.DistilBertModel(T.DistilBertConfig(vocab_size=100, dim=16, n_layers=1, n_heads=2, hidden_dim=32))
    )
    (folder / "config.json").write_text(json.dumps({**T.BertConfig(**SIZE).to_dict(), "architectures": ["BertModel"]}))
    with pytest.raises(OSError, match="no weights for|size mismatch|incomplete|complete encoder"):
        load_encoder(folder)
    headless = T.BertForMaskedLM(T.BertConfig(**SIZE))  # has no pooler; the course does not need one
    first, second = (load_encoder(save(tmp_path / "mlm", headless)).state_dict() for _ in range(2))
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_tokenizer_that_puts_no_cls_first(tmp_path):
    toy = load_tokenizer()
    bare = PreTrainedTokenizerFast(
        tokenizer_object=toy.backend_tokenizer, unk_token="[UNK]", pad_token="[PAD]", cls_token="[MASK]", sep_token="[SEP]"
    )
    bare.save_pretrained(tmp_path / "bare")
    with pytest.raises(OSError, match=r"no \[CLS\] at the start"):
        load_tokenizer(tmp_path / "bare")


def test_a_tokenizer_larger_than_the_encoder(tmp_path):
    with pytest.raises(RetrieverError, match="token ids up to 9999, but the encoder has embeddings for 4000"):
        Retriever.from_pretrained(save(tmp_path / "m", bert(vocab_size=4000)))


def test_unknown_words_are_told(capsys):
    model = Retriever.from_pretrained("toy")
    model.tell_unknown(["the moons of jupiter"] * 3)
    assert not capsys.readouterr().out
    model.tell_unknown(["the \u4e00 \u4e8c moons"])
    assert "50 % of the tokens are [UNK]" in capsys.readouterr().out
    with pytest.raises(RetrieverError, match="100 % of the tokens"):
        model.tell_unknown(["\u4e00 \u4e8c \u4e09"])
    model.tell_unknown([])


@pytest.mark.parametrize("mode, told", [("mean_tokens", True), ("cls_token", False)])
def test_another_pooling_is_told(tmp_path, mode, told, recwarn):
    folder = save(tmp_path / "m", bert())
    modules = [{"idx": 0, "path": "", "type": "x.models.Transformer"}, {"idx": 1, "path": "1_Pooling", "type": "x.models.Pooling"}]
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"word_embedding_dimension": 16, f"pooling_mode_{mode}": True}))
    load_encoder(folder)
    assert any("pooling mean_tokens" in str(w.message) for w in recwarn) == told
    (folder / "modules.json").write_text("[1]")
    with pytest.raises(OSError, match="modules.json"):
        load_encoder(folder)


def test_the_toy_encoder_is_sound(recwarn):
    load_encoder(TOY_ENCODER)
    load_tokenizer(TOY_ENCODER)
    assert not [w for w in recwarn if "pooling" in str(w.message)]


def test_the_short_cut_takes_the_encoder_of_dpr(tmp_path):
    folder = save(tmp_path / "m", T.DPRQuestionEncoder(T.DPRConfig(**SIZE)))
    model, ids = load_encoder(folder), torch.tensor([[2, 7, 8, 3]])
    assert type(model) is T.BertModel
    with torch.no_grad():
        whole = model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state[:, 0]
        assert torch.allclose(first_vector(model, ids, torch.ones_like(ids)), whole, atol=1e-6)


@pytest.mark.parametrize("kind, positions, longest", [("Bert", 64, 64), ("Roberta", 64, 62), ("Albert", 99, 99), ("MPNet", 90, 88)])
def test_fewer_positions_than_a_text_has_tokens(tmp_path, kind, positions, longest):
    config = getattr(T, f"{kind}Config")(**SIZE, embedding_size=16, max_position_embeddings=positions, pad_token_id=1)
    folder = save(tmp_path / "m", getattr(T, f"{kind}Model")(config))
    with pytest.raises(RetrieverError, match=f"up to {longest} tokens, but max_length is 100: set max_length"):
        Retriever.from_pretrained(folder)
    assert Retriever.from_pretrained(folder, max_length=longest).encode_questions(["why " * 200]).isfinite().all()


def test_weights_that_are_not_finite(tmp_path):
    model = bert()
    model.encoder.layer[1].output.dense.weight.data[3, 3] = float("nan")
    with pytest.raises(OSError, match="NaN or infinite.*damaged"):
        load_encoder(save(tmp_path / "m", model))


def test_a_tokenizer_that_leaves_most_embeddings_unused(tmp_path):
    with pytest.warns(UserWarning, match="embeddings for 30000: is it the tokenizer"):
        Retriever.from_pretrained(save(tmp_path / "m", bert(vocab_size=30_000)))


def test_a_tokenizer_that_pads_with_another_token(tmp_path):
    with pytest.warns(UserWarning, match="pads with token id 0, but the encoder was trained with 1"):
        Retriever.from_pretrained(save(tmp_path / "m", bert(pad_token_id=1)))


def test_an_encoder_of_pictures(tmp_path):
    sizes = {k: v for k, v in SIZE.items() if k != "vocab_size"}
    folder = save(tmp_path / "m", T.ViTModel(T.ViTConfig(**sizes, image_size=8, patch_size=4)))
    with pytest.raises(OSError, match="'vit', and the course cannot run it on a batch of token ids"):
        load_encoder(folder)
