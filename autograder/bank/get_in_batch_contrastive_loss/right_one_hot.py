def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    scores = F.linear(X, Y)
    target = F.one_hot(labels, num_classes=len(Y)).float()
    loss = F.cross_entropy(scores, target, reduction="sum") / len(labels)
    gold = (scores * target).sum(1, keepdim=True)
    num_correct = ((scores > gold).sum(1) == 0).sum()
    return loss, num_correct
