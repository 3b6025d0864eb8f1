# mistake: vectors are kept and given back for the same ids and mask, also when the encoder has learned in between. Encode at each call.
# caught by: questions and passages
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder, self.passage_encoder = query_encoder, passage_encoder
        self.kept = {}

    def vectors(self, encoder, ids, mask):
        if ids is None:
            return None
        key = (id(encoder), str(ids.tolist()), str(mask.tolist()))
        if key not in self.kept:
            self.kept[key] = encoder(ids, mask)
        return self.kept[key]

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        return self.vectors(self.query_encoder, Q, Q_mask), self.vectors(self.passage_encoder, P, P_mask)
