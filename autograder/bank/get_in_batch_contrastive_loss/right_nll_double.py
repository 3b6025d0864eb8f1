def get_in_batch_contrastive_loss(model, batch):
    *inputs, labels = batch
    X, Y = model(*inputs)
    S = X.double() @ Y.double().T
    loss = F.nll_loss(S.log_softmax(1), labels)
    with torch.no_grad():
        num_correct = sum(1 for row, label in zip(S.tolist(), labels.tolist()) if row.index(max(row)) == label)
    return loss, num_correct
