class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    @staticmethod
    def encode(encoder, ids, mask):
        if ids is None:
            return None
        return encoder.forward(ids, mask)

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        return self.encode(self.query_encoder, Q, Q_mask), self.encode(self.passage_encoder, P, P_mask)
