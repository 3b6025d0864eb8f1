# mistake: only copies further down are masked. The copy may also stand above the gold row.
# caught by: duplicates left out
def get_masked_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    for i, gold in enumerate(labels.tolist()):
        for j in range(gold + 1, len(P)):
            if torch.equal(P[j], P[gold]):
                S[i, j] = float("-inf")
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
