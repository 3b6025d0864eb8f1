def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X = torch.cat([model(Q[i : i + 1], Q_mask[i : i + 1], None, None)[0] for i in range(len(Q))])
    Y = torch.cat([model(P=P[j].unsqueeze(0), P_mask=P_mask[j].unsqueeze(0))[1] for j in range(len(P))])
    S = torch.stack([torch.stack([torch.dot(x, y) for y in Y]) for x in X])
    num_correct = 0
    for scores, label in zip(S, labels):
        if scores.argmax().item() == label.item():
            num_correct += 1
    return F.cross_entropy(S, labels), num_correct
