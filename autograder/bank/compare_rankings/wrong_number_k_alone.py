# mistake: index top-k looks for one of the teacher's first k only, its passage number k - 1. All of the first k must be there.
# caught by: index top-k
def compare_rankings(teacher, student, k):
    place = teacher.argsort(descending=True, stable=True).argsort().tolist()
    x = [place[i] for i in student.argsort(descending=True, stable=True).tolist()]
    inversions = sum(x[i] > x[j] for j in range(len(x)) for i in range(j))
    average = sum(number < k for number in x[:k]) / k
    index = 1 + x.index(k - 1)
    return inversions, average, index
