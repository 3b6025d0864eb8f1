# mistake: this is how deep in the teacher's list the pupil's first k reach. It is the other way round: how far to go in the pupil's list.
# caught by: index top-k
def compare_rankings(teacher, student, k):
    place = teacher.argsort(descending=True, stable=True).argsort().tolist()
    x = [place[i] for i in student.argsort(descending=True, stable=True).tolist()]
    inversions = sum(x[i] > x[j] for j in range(len(x)) for i in range(j))
    average = sum(number < k for number in x[:k]) / k
    index = 1 + max(x[:k])
    return inversions, average, index
