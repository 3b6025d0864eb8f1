# mistake: the gold passage is missing from the denominator of the softmax. The sum runs over all passages, the gold one included.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    is_gold = F.one_hot(labels, S.shape[1]).bool()
    negatives = S.masked_fill(is_gold, float("-inf"))
    return (negatives.logsumexp(dim=1) - S[is_gold]).mean(), (S.argmax(dim=1) == labels).sum()
