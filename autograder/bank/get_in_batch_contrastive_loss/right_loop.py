def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q=Q, Q_mask=Q_mask, P=P, P_mask=P_mask)
    losses, num_correct = [], 0
    for x, label in zip(X, labels):
        scores = (x * Y).sum(dim=1)
        losses.append(torch.logsumexp(scores, dim=0) - scores[label])
        num_correct += int(scores.argmax() == label)
    return torch.stack(losses).mean(), num_correct
