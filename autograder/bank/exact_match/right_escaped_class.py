def exact_match(prediction, answers):
    """Escaped signs in a character class, and looks to both sides in place of word borders."""
    signs = re.compile("[" + re.escape(string.punctuation) + "]")
    articles = re.compile(r"(?<!\w)(?:the|an|a)(?!\w)")

    def normalised(text):
        return re.sub(r"\s+", " ", articles.sub(" ", signs.sub("", text.lower()))).strip()

    return normalised(prediction) in {normalised(a) for a in answers}
