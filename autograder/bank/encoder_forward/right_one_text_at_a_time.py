class Encoder(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        vectors = []
        for i in range(len(ids)):
            n = int(mask[i].sum())
            out = self.backbone(input_ids=ids[i : i + 1, :n], attention_mask=mask[i : i + 1, :n])
            vectors.append(out.last_hidden_state[0, 0])
        return torch.stack(vectors)
