def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    log_p = F.log_softmax(torch.matmul(X, Y.transpose(0, 1)), dim=-1)
    loss = -log_p.gather(1, labels.unsqueeze(1)).squeeze(1).mean()
    num_correct = torch.eq(log_p.max(dim=1).indices, labels).sum().item()
    return loss, num_correct
