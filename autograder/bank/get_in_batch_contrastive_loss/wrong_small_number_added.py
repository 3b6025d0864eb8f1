# mistake: a small number is added to the probabilities before the logarithm. A gold passage far behind the best then costs too little: take the log-softmax instead.
# caught by: loss
def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    p = S.softmax(dim=1)[torch.arange(len(labels)), labels]
    return -(p + 1e-6).log().mean(), (S.argmax(dim=1) == labels).sum()
