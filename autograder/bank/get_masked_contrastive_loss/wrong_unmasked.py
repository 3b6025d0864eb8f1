# mistake: copies of a gold passage still compete with it: they are not masked, or they are looked for by comparing vectors, which dropout makes different even for equal texts. Compare tokens.
# caught by: duplicates left out
def get_masked_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    copies = (Y[labels].unsqueeze(1) == Y.unsqueeze(0)).all(dim=2)
    copies[torch.arange(len(labels)), labels] = False
    S = (X @ Y.T).masked_fill(copies, float("-inf"))
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
