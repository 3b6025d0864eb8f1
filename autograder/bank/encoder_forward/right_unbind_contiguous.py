class Encoder(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        H = self.backbone(ids, mask, return_dict=False)[0]
        cls, *_ = H.unbind(dim=1)
        return cls.contiguous()
