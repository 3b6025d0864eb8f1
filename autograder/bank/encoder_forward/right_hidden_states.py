class Encoder(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        out = self.backbone(input_ids=ids, attention_mask=mask, output_hidden_states=True, return_dict=True)
        return out.hidden_states[-1].select(dim=1, index=0)
