# mistake: the token vectors are summed. Return the vector of [CLS] alone.
# caught by: one vector per text
class Encoder(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        H = self.backbone(input_ids=ids, attention_mask=mask).last_hidden_state
        return (H * mask.unsqueeze(-1)).sum(1)
