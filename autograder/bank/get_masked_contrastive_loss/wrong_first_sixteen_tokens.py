# mistake: only the first few tokens are compared. Passages of one article begin alike: all tokens must be equal.
# caught by: duplicates left out
def get_masked_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    start = P[:, :16]
    copies = (start[labels].unsqueeze(1) == start.unsqueeze(0)).all(dim=2)
    copies[torch.arange(len(labels)), labels] = False
    S = (X @ Y.T).masked_fill(copies, float("-inf"))
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
