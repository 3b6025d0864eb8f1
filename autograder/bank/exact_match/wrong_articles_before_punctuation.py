# mistake: articles are removed before punctuation. A.N. Other then keeps its n.
# caught by: the order of the steps
def exact_match(prediction, answers):
    def normalised(text):
        text = re.sub(r"\b(a|an|the)\b", " ", text.lower()).translate(str.maketrans("", "", string.punctuation))
        return " ".join(text.split())

    return any(normalised(prediction) == normalised(answer) for answer in answers)
