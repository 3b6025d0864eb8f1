class Encoder(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        H = self.backbone(input_ids=ids, attention_mask=mask.bool()).last_hidden_state
        is_first = torch.zeros(H.shape[1], dtype=H.dtype, device=H.device)
        is_first[0] = 1
        return torch.einsum("btd,t->bd", H, is_first)
