from torch import nn


def get_in_batch_contrastive_loss(model, batch):
    X, _ = model(batch[0], batch[1], None, None)
    _, Y = model(None, None, batch[2], batch[3])
    labels = batch[4].long()
    S = torch.einsum("bd,nd->bn", X, Y)
    loss = nn.CrossEntropyLoss()(S, labels)
    _, predicted = S.topk(1, dim=1)
    return loss, (predicted.squeeze(1) == labels).float().sum()
