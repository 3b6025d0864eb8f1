import math


def get_masked_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    golds = labels.tolist()
    for i, g in enumerate(golds):
        for j in range(len(P)):
            if j != g and torch.equal(P[j], P[g]):
                S[i, j] = -math.inf
    return F.cross_entropy(S, labels), sum(int(S[i].argmax()) == g for i, g in enumerate(golds))
