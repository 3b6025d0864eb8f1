# mistake: a pair with equal scores is never counted as inverted, as in Kendall's tau. Of equal scores the first is better, so such a pair has an order too.
# caught by: scores as they come
def compare_rankings(teacher, student, k):
    place = teacher.argsort(descending=True, stable=True).argsort().tolist()
    x = [place[i] for i in student.argsort(descending=True, stable=True).tolist()]
    t, s = teacher.tolist(), student.tolist()
    inversions = sum((t[i] - t[j]) * (s[i] - s[j]) < 0 for j in range(len(x)) for i in range(j))
    average = sum(number < k for number in x[:k]) / k
    index = 1 + max(i for i, number in enumerate(x) if number < k)
    return inversions, average, index
