# mistake: all signs are deleted. Only those of string.punctuation are: ’ stays.
# caught by: and nothing more
def exact_match(prediction, answers):
    def normalised(text):
        text = re.sub(r"[^\w\s]", "", text.lower())
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())

    return any(normalised(prediction) == normalised(answer) for answer in answers)
