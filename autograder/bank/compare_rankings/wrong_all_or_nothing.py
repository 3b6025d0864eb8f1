# mistake: average top-k is 1 or 0. It is the share of the first k that are there.
# caught by: average top-k
def compare_rankings(teacher, student, k):
    place = teacher.argsort(descending=True, stable=True).argsort().tolist()
    x = [place[i] for i in student.argsort(descending=True, stable=True).tolist()]
    inversions = sum(x[i] > x[j] for j in range(len(x)) for i in range(j))
    average = float(set(x[:k]) == set(range(k)))
    index = 1 + max(i for i, number in enumerate(x) if number < k)
    return inversions, average, index
