# mistake: the prediction must match all answers. One is enough.
# caught by: any of the answers
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())

    return all(normalised(prediction) == normalised(answer) for answer in answers)
