def exact_match(prediction, answers):
    def normalised(text):
        text = re.sub(f"[{re.escape(string.punctuation)}]", "", text.lower())
        return " ".join(re.sub(r"\b(the|a|an)\b", " ", text).split())

    return max((int(normalised(prediction) == normalised(a)) for a in answers), default=0)
