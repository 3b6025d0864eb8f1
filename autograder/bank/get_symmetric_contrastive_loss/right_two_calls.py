def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X, _ = model(Q, Q_mask)
    _, Y = model(P=P, P_mask=P_mask)
    S = torch.einsum("id,jd->ij", X, Y)
    own = torch.arange(len(labels), device=S.device)
    to_passage = F.nll_loss(S.log_softmax(dim=1), labels)
    to_question = F.nll_loss(S.log_softmax(dim=0)[:, labels].T, own)
    return to_passage + f * (to_question - to_passage), S.argmax(dim=1).eq(labels).sum()
