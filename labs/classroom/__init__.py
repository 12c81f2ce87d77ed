"""The classroom: graded assignments, and grading what students hand in.

    expect       what a test cell asks of an answer, with both sides in the message
    assignment   the teacher's copy of a notebook: questions, points, tests
    collect      finds the submissions in a folder or a zip
    repair       puts a student's answers back into the teacher's copy
    zygote       a process with TensorFlow loaded (zygote_process) forks a student's in a moment
    sandbox      what a student's process may touch
    session      one student's process, seen from outside
    examiner     grades one submission
    grade        grades them all: in parallel, resumable; CSV and feedback pages

A student's program never shares a process with a test or an expected answer (see session.py).
"""
