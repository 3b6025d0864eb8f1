#!/bin/sh
# Library: pytorch-metric-learning 2.9.0.
# Expected: NTXentLoss()(Q, Y, ref_emb=P, ref_labels=Y), with question i and passage i of label i, is the loss of a dual encoder
# with in-batch negatives: the cross entropy of cosines over the temperature. Equal labels give equal losses.
# Seen: if both labels are the same tensor object, the pairs of question i and passage i are taken for a vector paired with
# itself and dropped. No positive is left, the loss is 0 and so is the gradient: training runs and learns nothing. With a copy
# all is well.
# Output:
#   cross entropy 0.4202
#   NTXentLoss with ref_labels=Y.clone() 0.4202, greatest gradient 0.2
#   NTXentLoss with ref_labels=Y 0.0000, greatest gradient 0.0
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 pytorch-metric-learning==2.9.0 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import torch
import torch.nn.functional as F
from pytorch_metric_learning.losses import NTXentLoss

torch.manual_seed(0)
Q = torch.randn(8, 16, requires_grad=True)  # (B, d)
P = Q.detach() + 3 * torch.randn(8, 16)  # (B, d)
Y = torch.arange(8)
wanted = F.cross_entropy(F.normalize(Q, dim=1) @ F.normalize(P, dim=1).T / 0.07, Y)
print(f"cross entropy {wanted:.4f}")
seen = []
for name, labels in ("Y.clone()", Y.clone()), ("Y", Y):
    loss = NTXentLoss(temperature=0.07)(Q, Y, ref_emb=P, ref_labels=labels)
    gradient = torch.autograd.grad(loss, Q)[0].abs().max()
    print(f"NTXentLoss with ref_labels={name} {loss:.4f}, greatest gradient {gradient:.1f}")
    seen.append((loss, gradient))
assert torch.isclose(seen[0][0], wanted, rtol=1e-3) and seen[0][1] > 0 and seen[1] == (0, 0)
PYTHON
