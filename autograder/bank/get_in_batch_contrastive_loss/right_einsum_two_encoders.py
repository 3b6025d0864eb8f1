def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X = model.query_encoder(Q, Q_mask)
    Y = model.passage_encoder(P, P_mask)
    S = torch.einsum("bd,nd->bn", X, Y)
    loss = torch.nn.CrossEntropyLoss()(S, labels.to(S.device))
    num_correct = sum(int(best == gold) for best, gold in zip(S.max(1)[1], labels))
    return [loss, float(num_correct)]
