# mistake: padding counts as equal to anything, so that a passage and its beginning are taken for copies. Two rows are copies only if they are equal in every place.
# caught by: duplicates left out
def get_masked_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)  # (B, d), (N, d)
    S = X @ Y.T  # (B, N)
    gold, gold_mask = P[labels], P_mask[labels].bool()  # (B, T') each
    same = (gold[:, None] == P[None]) | ~gold_mask[:, None]  # padding does not matter
    copies = same.all(dim=2)
    copies[torch.arange(len(labels)), labels] = False
    S = S.masked_fill(copies, float("-inf"))
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
