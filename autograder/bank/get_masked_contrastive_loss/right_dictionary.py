from torch import nn


def get_masked_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    texts = [tuple(ids[m == 1].tolist()) for ids, m in zip(P, P_mask)]
    rows = {}
    for j, text in enumerate(texts):
        rows.setdefault(text, []).append(j)
    mask = torch.zeros(len(X), len(Y))
    for i, label in enumerate(labels.tolist()):
        for j in rows[texts[label]]:
            mask[i, j] = 0.0 if j == label else float("-inf")
    S = X @ Y.T + mask
    return nn.functional.cross_entropy(S, labels), torch.sum(torch.argmax(S, dim=-1) == labels)
