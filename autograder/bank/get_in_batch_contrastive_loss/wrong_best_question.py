# mistake: num_correct looks for the best question of each passage. It must look for the best passage of each question.
# caught by: number correct
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    best = S.argmax(dim=0)[labels]
    return F.cross_entropy(S, labels), (best == torch.arange(len(X))).sum()
