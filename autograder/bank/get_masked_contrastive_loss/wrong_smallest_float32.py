# mistake: masked scores are set to the smallest number of float32, which does not fit into bfloat16, the type of scores in training on a GPU. Use minus infinity, which every floating-point type has.
# caught by: gradient
def get_masked_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    copies = (P[labels].unsqueeze(1) == P.unsqueeze(0)).all(dim=2)
    copies[torch.arange(len(labels)), labels] = False
    S = S.masked_fill(copies, torch.finfo(torch.float32).min)
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
