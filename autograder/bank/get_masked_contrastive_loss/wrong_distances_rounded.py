# mistake: token ids are compared by a distance of floats. cdist rounds: between equal rows of many large ids it gives more than 0. Compare the ids themselves.
# caught by: duplicates left out
def get_masked_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    copies = torch.cdist(P[labels].float(), P.float()) == 0
    copies[torch.arange(len(labels)), labels] = False
    S = (X @ Y.T).masked_fill(copies, float("-inf"))
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
