# mistake: the vectors are cut off from the backbone, by no_grad or by detach, so nothing can be trained. Use these for evaluation only.
# caught by: it can be trained
class Encoder(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        with torch.no_grad():
            H = self.backbone(input_ids=ids, attention_mask=mask).last_hidden_state
        return H[:, 0]
