# mistake: of equal scores of the teacher the last is taken to be the better one. It is the first.
# caught by: scores as they come
def compare_rankings(teacher, student, k):
    place = teacher.argsort(stable=True).flip(0).argsort().tolist()
    x = [place[i] for i in student.argsort(descending=True, stable=True).tolist()]
    inversions = sum(x[i] > x[j] for j in range(len(x)) for i in range(j))
    average = sum(number < k for number in x[:k]) / k
    index = 1 + max(i for i, number in enumerate(x) if number < k)
    return inversions, average, index
