# mistake: both encoders always run, also when there is nothing to read. A side without input has the result None.
# caught by: questions only
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        return self.query_encoder(Q, Q_mask), self.passage_encoder(P, P_mask)
