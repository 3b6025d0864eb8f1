# mistake: each text's last real token, [SEP], is taken, as is usual with GPT. Here the first token stands for the text.
# caught by: padding changes nothing
class Encoder(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        H = self.backbone(input_ids=ids, attention_mask=mask).last_hidden_state
        return H[torch.arange(len(ids)), mask.sum(1) - 1]
