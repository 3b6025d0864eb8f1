# mistake: the passages are read with the mask of the questions. Each side has its own.
# caught by: passages only
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        X = self.query_encoder(Q, Q_mask) if Q is not None else None
        Y = self.passage_encoder(P, Q_mask) if P is not None else None
        return X, Y
