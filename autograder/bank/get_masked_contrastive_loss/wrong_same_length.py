# mistake: the masks are compared instead of the tokens, so that all passages of one length are taken for copies.
# caught by: duplicates left out
def get_masked_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    copies = (P_mask[labels].unsqueeze(1) == P_mask.unsqueeze(0)).all(dim=2)
    copies[torch.arange(len(labels)), labels] = False
    S = (X @ Y.T).masked_fill(copies, float("-inf"))
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
