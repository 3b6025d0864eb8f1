class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        results = {}
        if isinstance(Q, torch.Tensor):
            results["X"] = self.query_encoder(Q, Q_mask)
        if isinstance(P, torch.Tensor):
            results["Y"] = self.passage_encoder(P, P_mask)
        return results.get("X"), results.get("Y")
