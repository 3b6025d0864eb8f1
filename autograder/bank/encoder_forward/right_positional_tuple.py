class Encoder(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        outputs = self.backbone(ids, mask)
        return outputs[0][:, 0, :]
