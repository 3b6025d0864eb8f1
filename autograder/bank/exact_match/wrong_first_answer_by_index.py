# mistake: only the first answer counts.
# caught by: any of the answers
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())

    return normalised(prediction) == normalised(answers[0])
