class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        sides = ((self.query_encoder, Q, Q_mask), (self.passage_encoder, P, P_mask))
        return [None if ids is None else encoder(ids, mask) for encoder, ids, mask in sides]
