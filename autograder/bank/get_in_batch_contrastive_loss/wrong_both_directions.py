# mistake: the loss is averaged with that of the other direction, as in CLIP. DPR's loss has one direction, from question to passage.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    back = F.cross_entropy(S[:, labels].T, torch.arange(len(labels)))
    return (F.cross_entropy(S, labels) + back) / 2, (S.argmax(dim=1) == labels).sum()
