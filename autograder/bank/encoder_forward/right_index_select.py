class Encoder(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        H = self.backbone(ids, attention_mask=mask).last_hidden_state
        first = torch.tensor([0], device=H.device)
        return torch.index_select(H, 1, first).squeeze(1)
