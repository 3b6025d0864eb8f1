# mistake: the loss is masked, but num_correct is still counted from scores that include the copies. Use the masked scores for both.
# caught by: duplicates left out
def get_masked_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    copies = (P[labels].unsqueeze(1) == P.unsqueeze(0)).all(dim=2)
    copies[torch.arange(len(labels)), labels] = False
    loss = F.cross_entropy(S.masked_fill(copies, float("-inf")), labels)
    return loss, (S.argmax(dim=1) == labels).sum()
