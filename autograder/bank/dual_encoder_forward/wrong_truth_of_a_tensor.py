# mistake: the input itself is used as a condition. A tensor of several numbers is neither true nor false: compare with None.
# caught by: questions and passages
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        X = self.query_encoder(Q, Q_mask) if Q else None
        Y = self.passage_encoder(P, P_mask) if P else None
        return X, Y
