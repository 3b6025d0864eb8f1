# mistake: all but the letters a to z, digits and blanks is deleted. Only the signs of string.punctuation are.
# caught by: and nothing more
def exact_match(prediction, answers):
    def normalised(text):
        text = re.sub(r"[^a-z0-9\s]", "", text.lower())
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())

    return any(normalised(prediction) == normalised(answer) for answer in answers)
