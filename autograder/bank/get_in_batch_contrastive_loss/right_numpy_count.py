def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = torch.matmul(X, Y.T)
    chosen = S.detach().numpy().argmax(axis=-1)
    return F.cross_entropy(S, labels), int(sum(chosen == labels.numpy()))
