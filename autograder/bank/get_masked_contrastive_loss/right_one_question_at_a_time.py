def get_masked_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    total, num_correct = 0.0, 0
    for x, label in zip(X, labels.tolist()):
        keep = [j for j in range(len(P)) if j == label or P[j].tolist() != P[label].tolist()]
        scores = Y[keep] @ x
        gold = keep.index(label)
        total = total + scores.logsumexp(0) - scores[gold]
        num_correct += bool(scores.argmax() == gold)
    return total / len(labels), num_correct
