# mistake: a missing side gives a vector of zeros. Zeros look like a result: the missing one must be None.
# caught by: passages only
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        X = self.query_encoder(Q, Q_mask) if Q is not None else torch.zeros(1)
        Y = self.passage_encoder(P, P_mask) if P is not None else torch.zeros(1)
        return X, Y
