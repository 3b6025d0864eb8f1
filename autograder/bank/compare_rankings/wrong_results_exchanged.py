# mistake: the three results stand in another order. They are inversions, average top-k, index top-k.
# caught by: average top-k
def compare_rankings(teacher, student, k):
    place = teacher.argsort(descending=True, stable=True).argsort().tolist()
    x = [place[i] for i in student.argsort(descending=True, stable=True).tolist()]
    inversions = sum(x[i] > x[j] for j in range(len(x)) for i in range(j))
    average = sum(number < k for number in x[:k]) / k
    index = 1 + max(i for i, number in enumerate(x) if number < k)
    return inversions, index, average
