#!/bin/sh
# Library: onnxruntime 1.32.0 with onnx 1.23.2, quantize_dynamic (8 bits).
# Expected: an encoder in 8 bits gives a text nearly the vector that the encoder in float32 gives, and the same one in every
# batch.
# Seen: the activations of a whole batch share one scale. A short question beside a long document is rounded coarsely, so that
# its vector depends on the other texts of the batch.
# Output:
#   float32: cosine of a question alone with itself beside a long document 1.0000
#   8 bits: cosine with float32 0.9999 alone, 0.9802 beside the document; of 10 nearest passages it keeps 9.9 alone, 7.8 beside
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import logging

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import quantize_dynamic

logging.disable(logging.WARNING)  # quantize_dynamic advises a step for models of pictures
WORDS, D = 2000, 64
random = np.random.default_rng(0)
E = random.normal(size=(WORDS, D)).astype(np.float32)  # word vectors
W = (random.normal(size=(D, D)) / 8).astype(np.float32)
ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["B", D]) for name in ("sums", "vectors")]
graph = helper.make_graph([helper.make_node("MatMul", ["sums", "W"], ["vectors"])], "encoder", ends[:1], ends[1:],
                          [numpy_helper.from_array(W, "W")])
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), "float32.onnx")
quantize_dynamic("float32.onnx", "int8.onnx")
session = {name: onnxruntime.InferenceSession(f"{name}.onnx") for name in ("float32", "int8")}


def encode(name, texts):
    """Return vectors of length 1 of `texts`, lists of word numbers, encoded as one batch."""
    vectors = session[name].run(None, {"sums": np.stack([E[text].sum(0) for text in texts])})[0]
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


questions = [random.integers(0, WORDS, 4) for _ in range(100)]
long = random.integers(0, WORDS, 3000)
passages = encode("float32", [random.integers(0, WORDS, 4) for _ in range(1000)])
stack = lambda name, *others: np.concatenate([encode(name, [q, *others])[:1] for q in questions])  # noqa: E731
true, beside_true, alone, beside = stack("float32"), stack("float32", long), stack("int8"), stack("int8", long)
cosine = lambda a, b: float((a * b).sum(1).mean())  # noqa: E731
top = lambda vectors: [set(row) for row in np.argsort(-vectors @ passages.T, axis=1)[:, :10]]  # noqa: E731
common = lambda vectors: float(np.mean([len(a & b) for a, b in zip(top(true), top(vectors))]))  # noqa: E731
print(f"float32: cosine of a question alone with itself beside a long document {cosine(true, beside_true):.4f}")
print(f"8 bits: cosine with float32 {cosine(alone, true):.4f} alone, {cosine(beside, true):.4f} beside the document; "
      f"of 10 nearest passages it keeps {common(alone):.1f} alone, {common(beside):.1f} beside")
assert cosine(true, beside_true) > 0.99999 and cosine(alone, true) > 0.999 and cosine(beside, true) < 0.99
assert common(alone) > 9 and common(beside) < 8.5
PYTHON
