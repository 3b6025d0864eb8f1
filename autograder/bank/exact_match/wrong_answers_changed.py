# mistake: the list of answers is changed. It belongs to the caller.
# caught by: any of the answers
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())

    for i, answer in enumerate(answers):
        answers[i] = normalised(answer)
    return any(normalised(prediction) == normalised(answer) for answer in answers)
