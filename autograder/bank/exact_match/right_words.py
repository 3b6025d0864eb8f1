def exact_match(prediction, answers):
    def words(text):
        kept = "".join(c for c in text.lower() if c not in string.punctuation)
        return [w for w in re.sub(r"\b(?:an?|the)\b", " ", kept).split()]

    return words(prediction) in [words(a) for a in answers]
