# mistake: both encoders always run, even when one side is missing. The result for a missing side is None.
# caught by: questions only
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        return self.query_encoder(Q, Q_mask), self.passage_encoder(P, P_mask)
