# mistake: an answer is right if it stands inside the prediction. Exact match wants nothing besides.
# caught by: and nothing more
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())

    return any(normalised(answer) in normalised(prediction) for answer in answers)
