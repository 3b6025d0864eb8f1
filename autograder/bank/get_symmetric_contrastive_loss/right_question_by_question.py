def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    rows = torch.arange(len(labels), device=S.device)
    total, num_correct = 0.0, 0
    for i, j in enumerate(labels.tolist()):
        total = total - (1 - f) * S[i].log_softmax(dim=0)[j] - f * S[:, j].log_softmax(dim=0)[i]
        num_correct += int(S[i].argmax() == j)
    return total / len(labels), num_correct
