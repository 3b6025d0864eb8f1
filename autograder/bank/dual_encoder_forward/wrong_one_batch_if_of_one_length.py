# mistake: questions and passages of one length go through the query encoder together. An untied model has another encoder for passages.
# caught by: questions and passages
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        if Q is not None and P is not None and Q.shape[1] == P.shape[1]:
            V = self.query_encoder(torch.cat([Q, P]), torch.cat([Q_mask, P_mask]))
            return V[: len(Q)], V[len(Q) :]
        X = None if Q is None else self.query_encoder(Q, Q_mask)
        return X, None if P is None else self.passage_encoder(P, P_mask)
