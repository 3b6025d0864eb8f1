# mistake: the passage encoder reads the questions too, and the query encoder never learns. Each side has its own.
# caught by: questions and passages
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        X = self.passage_encoder(Q, Q_mask) if Q is not None else None
        Y = self.passage_encoder(P, P_mask) if P is not None else None
        return X, Y
