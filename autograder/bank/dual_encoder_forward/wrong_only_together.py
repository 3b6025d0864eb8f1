# mistake: nothing is encoded unless both sides are there. At search time there is only one: decide for each side separately.
# caught by: questions only
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        if Q is None or P is None:
            return None, None
        return self.query_encoder(Q, Q_mask), self.passage_encoder(P, P_mask)
